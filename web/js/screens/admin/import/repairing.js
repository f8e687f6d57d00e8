/** Whether two repairs are about the same cells. */
export const isSame = (one, other) => one.column === other.column && one.row === other.row && one.from === other.from;

/**
 * Repairs with more of them. What was mended wrongly is mended where it began: the file still holds the first text. Blank cells may
 * be of both sorts.
 *
 * @param {import('../../../core/dashboard.js').Repair[]} before
 * @param {import('../../../core/dashboard.js').Repair[]} repairs
 */
export function joined(before, repairs) {
  const isNext = (repair, one) => repair.column === one.column && repair.row === undefined && repair.from === one.to;
  const again = before.map((one) => ({ ...one, to: repairs.find((repair) => isNext(repair, one))?.to ?? one.to }));
  const added = repairs.filter((repair) => repair.from === '' || !before.some((one) => isNext(repair, one)));
  const others = again.filter((one) => !added.some((repair) => isSame(one, repair)));
  return [...others, ...added];
}

/** What stands in a cell once it is mended. A repair of the one row counts more than one of all that are alike. */
export function mended(text, column, row, repairs) {
  const here = repairs.find((repair) => repair.column === column && repair.row === row);
  return (here ?? repairs.find((repair) => repair.column === column && !repair.row && repair.from === text))?.to ?? text;
}
