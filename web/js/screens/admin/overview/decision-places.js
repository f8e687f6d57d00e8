/**
 * Where each kind of decision is settled. `one` leads to the row itself when there is only one; `action` is what somebody must be
 * allowed to do there.
 *
 * @type {Record<string, { words: string, to: string, one?: (id: number) => string, action?: string }>}
 */
const PLACES = {
  'duplicate-bibs': { words: 'decisions.fixBibs', to: '/admin/registrations?sort=bibNumber' },
  'athletes-without-birth': { words: 'decisions.addBirth', to: '/admin/athletes?sort=dateOfBirth', one: (id) => `/admin/athletes?id=${id}` },
  'events-over-limit': { words: 'decisions.seeEntries', to: '/admin/events', one: (id) => `/admin/registrations?eventId=${id}` },
  'imports-with-refused-rows': { words: 'decisions.seeImports', to: '/admin/import', action: 'admin' },
  'imported-not-registered': { words: 'decisions.enterThem', to: '/admin/athletes?sort=-createdAt' },
  'possible-duplicates': { words: 'decisions.compare', to: '/admin/athletes/duplicates', action: 'athletes.write' },
  'unconfirmed-registrations': { words: 'decisions.confirm', to: '/admin/registrations?status=registered' },
  'users-without-password': { words: 'decisions.setPassword', to: '/admin/users', one: (id) => `/admin/users?id=${id}`, action: 'admin' },
  'disk-low': { words: 'decisions.seeHealth', to: '/admin/health', action: 'admin' },
  'battery-low': { words: 'decisions.seeHealth', to: '/admin/health', action: 'admin' },
  'backup-failing': { words: 'decisions.seeBackups', to: '/admin/backups', action: 'admin' },
  'sync-failing': { words: 'decisions.seeBackups', to: '/admin/backups', action: 'admin' },
};

/** @param {{ code: string, count: number, ids?: number[] }} decision */
export function placeOf({ code, count, ids = [] }) {
  const place = PLACES[code];
  if (!place) return null;
  return place.one && count === 1 && ids.length === 1 ? { ...place, to: place.one(ids[0]) } : place;
}
