const SCREENS = {
  athlete: '/admin/athletes',
  race: '/admin/races',
  event: '/admin/events',
  registration: '/admin/registrations',
  result: '/admin/results',
  user: '/admin/users',
};

const OTHERS = { import: '/admin/import', settings: '/admin/settings', database: '/admin/health', backup: '/admin/backups' };

/** The address of the row that an audit row is about, or '' when it is gone or has none. */
export function placeOfRow({ entityType, entityId, action }) {
  if (OTHERS[entityType]) return OTHERS[entityType];
  return SCREENS[entityType] && entityId && action !== 'delete' ? `${SCREENS[entityType]}?id=${entityId}` : '';
}
