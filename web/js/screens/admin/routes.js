// Which screen belongs to which address, and how the navigation is grouped. A screen is loaded when it is first shown; its module
// exports it as `Screen`.

/**
 * @typedef {{ title: string, action?: string, load: () => Promise<{ Screen: any }> }} Route
 *   `title` is a text's key, `action` what somebody must be allowed to do to see it
 */

/** @type {Record<string, Route>} */
export const ROUTES = {
  '/admin': { title: 'overview.title', load: () => import('./overview/overview.js') },
  '/admin/races': { title: 'races.title', load: () => import('./entities/races.js') },
  '/admin/events': { title: 'events.title', load: () => import('./entities/events.js') },
  '/admin/athletes': { title: 'athletes.title', load: () => import('./entities/athletes.js') },
  '/admin/athletes/duplicates': { title: 'merge.title', action: 'athletes.write', load: () => import('./entities/merge/duplicates.js') },
  '/admin/registrations': { title: 'registrations.title', action: 'registrations.read', load: () => import('./entities/registrations.js') },
  '/admin/results': { title: 'results.title', load: () => import('./entities/results.js') },
  '/admin/import': { title: 'import.title', action: 'admin', load: () => import('./import/page.js') },
  '/admin/export': { title: 'export.title', load: () => import('./export/page.js') },
  '/admin/stations': { title: 'stations.title', action: 'stations.write', load: () => import('./stations/stations.js') },
  '/admin/users': { title: 'users.title', action: 'users.write', load: () => import('./people/users.js') },
  '/admin/profile': { title: 'profile.title', load: () => import('./people/profile.js') },
  '/admin/audit': { title: 'audit.title', action: 'admin', load: () => import('./audit/audit.js') },
  '/admin/health': { title: 'health.title', action: 'admin', load: () => import('./health/health.js') },
  '/admin/log': { title: 'log.title', action: 'admin', load: () => import('./health/log.js') },
  '/admin/network': { title: 'network.title', action: 'admin', load: () => import('./network/network.js') },
  '/admin/backups': { title: 'backups.title', action: 'admin', load: () => import('./backups/backups.js') },
  '/admin/settings': { title: 'settings.title', action: 'admin', load: () => import('./settings/settings.js') },
  '/admin/help': { title: 'help.title', load: () => import('./help/help.js') },
};

/** The import over any screen. */
export const loadImportDialog = () => import('./import/dialog.js');

/** Addresses of the program that this one replaces. */
const ALIASES = { '/admin-pro': '/admin', '/admin-pro.html': '/admin', '/setup': '/admin' };

/**
 * The screen of an address. A help topic is part of the help.
 *
 * @param {string} path
 */
export function pathOfScreen(path) {
  if (path.startsWith('/admin/help/')) return '/admin/help';
  return ALIASES[path] ?? path;
}

/** The navigation: groups of links in the order of a meet's work. `count` names a number of `dashboard.lastCounts`. */
export const NAVIGATION = [
  {
    group: 'nav.meet',
    links: [
      { to: '/admin', icon: 'home', text: 'nav.overview' },
      { to: '/admin/races', icon: 'calendar', text: 'nav.races', count: 'races' },
      { to: '/admin/events', icon: 'stopwatch', text: 'nav.events', count: 'events' },
      { to: '/admin/athletes', icon: 'people', text: 'nav.athletes', count: 'athletes' },
      { to: '/admin/registrations', icon: 'list', text: 'nav.registrations', count: 'registrations' },
      { to: '/admin/results', icon: 'trophy', text: 'nav.results', count: 'results' },
    ],
  },
  {
    group: 'nav.data',
    links: [
      { to: '/admin/import', icon: 'upload', text: 'nav.import' },
      { to: '/admin/export', icon: 'download', text: 'nav.export' },
      { to: '/admin/backups', icon: 'database', text: 'nav.backups' },
    ],
  },
  {
    group: 'nav.system',
    links: [
      { to: '/admin/health', icon: 'pulse', text: 'nav.health' },
      { to: '/admin/network', icon: 'phone', text: 'nav.network' },
      { to: '/admin/log', icon: 'log', text: 'nav.log' },
      { to: '/admin/audit', icon: 'history', text: 'nav.audit' },
      { to: '/admin/stations', icon: 'phone', text: 'nav.stations' },
      { to: '/admin/users', icon: 'shield', text: 'nav.users' },
      { to: '/admin/settings', icon: 'settings', text: 'nav.settings' },
    ],
  },
  {
    group: 'nav.more',
    links: [
      { to: '/admin/help', icon: 'help', text: 'nav.help' },
      { to: '/', icon: 'globe', text: 'nav.public' },
    ],
  },
];
