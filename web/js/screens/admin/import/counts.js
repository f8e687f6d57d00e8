/** A bulk import counts by kind of row and calls new rows a success. */
export function countOf(report, name) {
  if (report[name] !== undefined) return report[name];
  const member = name === 'imported' ? 'success' : name;
  return Object.values(report.results ?? {}).reduce((sum, kind) => sum + (kind[member] ?? 0), 0);
}

/** Rows that an import added or changed, or would. */
export const keptBy = (report) => (report ? countOf(report, 'imported') + countOf(report, 'updated') : 0);
