/** Those without a place come last, in the order of their status. */
const AFTER_PLACES = ['finished', 'nm', 'nh', 'dnf', 'dq', 'dns'];

/**
 * Results under their event, round and heat, best first. Heats of one round follow one another.
 *
 * @param {any[]} results of one race
 */
export function groupResults(results) {
  const groups = new Map();
  for (const result of results) {
    const key = [result.eventId, result.round, result.heatNumber ?? ''].join('/');
    if (!groups.has(key)) groups.set(key, { key, ...titleOf(result), results: [] });
    groups.get(key).results.push(result);
  }
  const list = [...groups.values()];
  for (const group of list) group.results.sort(byPlace);
  return list.sort((a, b) => a.event.localeCompare(b.event) || a.eventId - b.eventId || a.round.localeCompare(b.round) || a.heat - b.heat);
}

const titleOf = (result) => ({
  eventId: result.eventId,
  event: result.eventName,
  category: result.category,
  gender: result.gender,
  round: result.round ?? '',
  heat: result.heatNumber ?? 0,
});

const byPlace = (a, b) => {
  const place = (result) => result.position ?? Number.POSITIVE_INFINITY;
  if (place(a) !== place(b)) return place(a) - place(b);
  return AFTER_PLACES.indexOf(a.status) - AFTER_PLACES.indexOf(b.status);
};
