const MINUTE_MS = 60_000;
/** So many points need no thinning. */
const FEW = 60;

/** How the points of a minute become one: what was counted is added up, of a time the worst is told, of a size the last. */
const TOGETHER = {
  requests: sum,
  errors: sum,
  commits: sum,
  p50_ms: (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)],
  p95_ms: largest,
  commit_ms: largest,
  queued: largest,
  memory_bytes: (values) => values.at(-1),
  wal_bytes: (values) => values.at(-1),
};

/**
 * The measurements minute by minute: a server that is asked now and then has mostly empty points in between. The first minutes of a
 * server are shown as they were measured.
 *
 * @param {{ at: string }[]} points the newest last
 * @returns {any[]} null where a minute knows nothing
 */
export function curveOf(points) {
  if (points.length <= FEW) return points;
  const minutes = new Map();
  for (const point of points) {
    const minute = Math.floor(new Date(point.at).getTime() / MINUTE_MS);
    minutes.set(minute, [...(minutes.get(minute) ?? []), point]);
  }
  return [...minutes.values()].map((group) => ({
    at: group.at(-1).at,
    ...Object.fromEntries(Object.entries(TOGETHER).map(([key, together]) => {
      const known = group.map((point) => point[key]).filter((value) => typeof value === 'number');
      return [key, known.length ? together(known) : null];
    })),
  }));
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function largest(values) {
  return Math.max(...values);
}
