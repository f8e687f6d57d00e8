import { may } from '../../../core/session.js';
import { NAVIGATION, ROUTES } from '../routes.js';

/** True when the present role may see this screen. Addresses outside of the dashboard are for everyone. */
export const maySee = (path) => !ROUTES[path]?.action || may(ROUTES[path].action);

/** The groups of links that the present role has a use for. */
export const visibleNavigation = () =>
  NAVIGATION.map(({ group, links }) => ({ group, links: links.filter(({ to }) => maySee(to)) })).filter(({ links }) => links.length);

/** All links of the navigation with their group, for searching in them. */
export const visibleLinks = () => visibleNavigation().flatMap(({ group, links }) => links.map((link) => ({ ...link, group })));

/** The second key after `g` that leads to a screen. */
export const GO_KEYS = {
  '/admin': 'o',
  '/admin/races': 'm',
  '/admin/events': 'v',
  '/admin/athletes': 'a',
  '/admin/registrations': 'e',
  '/admin/results': 'r',
  '/admin/import': 'i',
  '/admin/export': 'x',
  '/admin/backups': 'b',
  '/admin/health': 'h',
  '/admin/log': 'l',
  '/admin/audit': 't',
  '/admin/stations': 'k',
  '/admin/users': 'u',
  '/admin/settings': 's',
  '/admin/profile': 'p',
  '/admin/help': '?',
};

/** Screens with rows that somebody may add, which `?id=new` opens, and the action that lets them. */
export const ADDABLE = [
  { name: 'athlete', path: '/admin/athletes', action: 'athletes.write' },
  { name: 'race', path: '/admin/races', action: 'races.write' },
  { name: 'event', path: '/admin/events', action: 'events.write' },
  { name: 'registration', path: '/admin/registrations', action: 'registrations.write' },
  { name: 'result', path: '/admin/results', action: 'results.write' },
];
