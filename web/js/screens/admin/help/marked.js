// @ts-check
import { html } from '../../../core/html.js';

const MARKS = /\*\*(.+?)\*\*|`(.+?)`/g;

/**
 * A line of the help: `**Save**` is what is written on the screen, and what stands between backquotes is a key or something to type.
 *
 * @param {string} text
 */
export function marked(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(MARKS)) {
    parts.push(text.slice(at, found.index));
    parts.push(found[1] ? html`<b>${found[1]}</b>` : html`<kbd>${found[2]}</kbd>`);
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}
