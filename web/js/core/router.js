// @ts-check
import { shallowRef } from './vue.js';

/** The address as the page sees it. Real URLs, so that a view can be shared, reloaded and opened in a new tab. */
export const route = shallowRef(read());

function read() {
  return { path: location.pathname.replace(/(.)\/$/, '$1'), query: new URLSearchParams(location.search) };
}

/** Asked before something else is shown; `false` keeps the page where it is. @type {Set<{ mayLeave: (to: string) => boolean, parameter: string }>} */
const guards = new Set();

/**
 * For a page with something unsaved.
 *
 * @param {(to: string) => boolean} mayLeave given where somebody wants to go; asks them, if need be, and calls `go` again later
 * @param {string} [parameter] of the address: another value of it is another page, too
 * @returns {() => void} takes the question away
 */
export function beforeLeaving(mayLeave, parameter = '') {
  const guard = { mayLeave, parameter };
  guards.add(guard);
  return () => guards.delete(guard);
}

/** @param {string} to */
function isHeld(to) {
  const { pathname, searchParams } = new URL(to, location.href);
  const { path, query } = route.value;
  const leaves = (/** @type {string} */ parameter) => pathname !== path || searchParams.get(parameter) !== query.get(parameter);
  return [...guards].some(({ mayLeave, parameter }) => leaves(parameter) && !mayLeave(to));
}

addEventListener('popstate', () => {
  const { path, query } = route.value;
  // The browser has gone back already: the address is put right again.
  if (isHeld(location.pathname + location.search)) history.pushState({}, '', path + (query.size ? `?${query}` : ''));
  else route.value = read();
});

/**
 * @param {string} to path with query
 * @param {{ replace?: boolean }} [options]
 */
export function go(to, options = {}) {
  if (to === location.pathname + location.search || isHeld(to)) return;
  history[options.replace ? 'replaceState' : 'pushState']({}, '', to);
  route.value = read();
}

/**
 * Changes parameters of the present address; an empty value takes one away.
 *
 * @param {Record<string, string | number | null | undefined>} changes
 * @param {{ replace?: boolean }} [options]
 */
export function setQuery(changes, options = {}) {
  const query = new URLSearchParams(route.value.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') query.delete(key);
    else query.set(key, String(value));
  }
  const text = query.toString();
  go(location.pathname + (text ? `?${text}` : ''), options);
}

/** Only these paths belong to the app; every other link is a real page load. */
const isOurs = (/** @type {string} */ path) => /^\/(admin(\/|$)|setup$)/.test(path);

// One listener for every link: no special link component is needed.
addEventListener('click', (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest?.('a');
  if (!link || event.defaultPrevented || event.button) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (!isOurs(location.pathname) || !isOurs(link.pathname) || link.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
