/**
 * Where each kind of decision is settled: `to` a list, or `row` the place of one row, of which the first is opened. `action` is what
 * somebody must be allowed to do there. With `named` the examples are the first of the rows, in their order.
 *
 * @type {Record<string, { words: string, to: string, row?: (id: number) => string, named?: boolean, action?: string }>}
 */
const PLACES = {
  'duplicate-bibs': { words: 'decisions.fixBibs', to: '/admin/registrations?sort=bibNumber' },
  'athletes-without-birth': { words: 'decisions.addBirth', to: '/admin/athletes', row: (id) => `/admin/athletes?id=${id}`, named: true },
  'events-over-limit': { words: 'decisions.seeEntries', to: '/admin/events', row: (id) => `/admin/registrations?eventId=${id}`, named: true },
  'imports-with-refused-rows': { words: 'decisions.seeImports', to: '/admin/import', action: 'admin' },
  'imported-not-registered': { words: 'decisions.enterThem', to: '/admin/athletes', row: (id) => `/admin/athletes?id=${id}`, named: true },
  'possible-duplicates': { words: 'decisions.compare', to: '/admin/athletes/duplicates', action: 'athletes.write' },
  'unconfirmed-registrations': { words: 'decisions.confirm', to: '/admin/registrations?status=registered' },
  'users-without-password': { words: 'decisions.setPassword', to: '/admin/users', row: (id) => `/admin/users?id=${id}`, named: true, action: 'users.write' },
  'disk-low': { words: 'decisions.seeHealth', to: '/admin/health', action: 'admin' },
  'battery-low': { words: 'decisions.seeHealth', to: '/admin/health', action: 'admin' },
  'backup-failing': { words: 'decisions.seeBackups', to: '/admin/backups', action: 'admin' },
  'sync-failing': { words: 'decisions.seeBackups', to: '/admin/backups', action: 'admin' },
};

/** @param {{ code: string, ids?: number[] }} decision */
export function placeOf({ code, ids = [] }) {
  const place = PLACES[code];
  return place && { ...place, to: place.row && ids.length ? place.row(ids[0]) : place.to };
}

/** The place of one of the examples, or ''. @param {{ code: string, ids?: number[] }} decision @param {number} i */
export function placeOfExample({ code, ids = [] }, i) {
  const place = PLACES[code];
  return place?.named && place.row && ids[i] ? place.row(ids[i]) : '';
}
