import { shallowReactive } from '../../../core/vue.js';
import { read } from '../../../core/api.js';

// Rows that are known only by their id, as a filter in the address names them, looked up once.

/** Path of a row to the row; false when it cannot be had. */
const known = shallowReactive(new Map());
const asked = new Set();

/** @param {string} path `/api/events/5` @param {string} singular @returns {any} reactive; nothing until it has come */
export function rowOf(path, singular) {
  if (!asked.has(path)) {
    asked.add(path);
    read(path, { quiet: true }).then((answer) => known.set(path, answer[singular]), () => known.set(path, false));
  }
  return known.get(path);
}

/** How such a row is called; its number when it cannot be had, nothing while it is on its way. */
export function nameOf(kind, singular, id, name = (row) => row.name) {
  const row = rowOf(`/api/${kind}/${id}`, singular);
  if (row === false) return `#${id}`;
  return row ? name(row) : '';
}
