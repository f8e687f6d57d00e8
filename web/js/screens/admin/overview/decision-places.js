const athlete = (id) => `/admin/athletes?id=${id}`;
const entriesOf = (id) => `/admin/registrations?eventId=${id}&race=all`;
const entry = (id) => `/admin/registrations?id=${id}`;
const account = (id) => `/admin/users?id=${id}`;

/**
 * Where each kind of decision is settled: `to` a screen, `row` the place of one of its rows. With `first` there is no list of just these
 * rows, so the first of them is opened. `action` is what somebody must be allowed to do there.
 *
 * @type {Record<string, { words: string, to: string, row?: (id: number) => string, first?: boolean, action?: string }>}
 */
const PLACES = {
  'duplicate-bibs': { words: 'decisions.fixBibs', to: '/admin/registrations?sort=bibNumber&race=all' },
  'athletes-without-birth': { words: 'decisions.addBirth', to: '/admin/athletes?birthKnown=false', row: athlete },
  'events-over-limit': { words: 'decisions.seeEntries', to: '/admin/events?race=all', row: entriesOf, first: true },
  'imports-with-refused-rows': { words: 'decisions.seeImports', to: '/admin/import', action: 'admin' },
  'imported-not-registered': { words: 'decisions.enterThem', to: '/admin/athletes?imported=true&entered=false', row: athlete },
  'possible-duplicates': { words: 'decisions.compare', to: '/admin/athletes/duplicates', action: 'athletes.write' },
  'unconfirmed-registrations': { words: 'decisions.confirm', to: '/admin/registrations?status=registered&race=all', row: entry },
  'users-without-password': { words: 'decisions.setPassword', to: '/admin/users', row: account, first: true, action: 'users.write' },
  'contacts-due': { words: 'decisions.seePrivacy', to: '/admin/settings', action: 'admin' },
  'disk-low': { words: 'decisions.seeHealth', to: '/admin/health', action: 'admin' },
  'battery-low': { words: 'decisions.seeHealth', to: '/admin/health', action: 'admin' },
  'backup-failing': { words: 'decisions.seeBackups', to: '/admin/backups', action: 'admin' },
  'sync-failing': { words: 'decisions.seeBackups', to: '/admin/backups', action: 'admin' },
};

/** @param {{ code: string, ids?: number[] }} decision */
export function placeOf({ code, ids = [] }) {
  const place = PLACES[code];
  return place && { ...place, to: place.first && ids.length ? place.row(ids[0]) : place.to };
}

/** The place of one of the examples, which are the first of the rows, or ''. @param {{ code: string, ids?: number[] }} decision @param {number} i */
export function placeOfExample({ code, ids = [] }, i) {
  const row = PLACES[code]?.row;
  return row && ids[i] ? row(ids[i]) : '';
}
