// @ts-check
import { onMounted, onUnmounted, ref, shallowReactive } from './vue.js';

/**
 * A key, or two in a row as `g a`; `text` is the key of what it does. Without `run` it is only listed: a part of the page, such as a
 * table, listens for it itself.
 *
 * @typedef {{ keys: string, text: string, run?: () => void }} Shortcut
 */

/** So long the second key of a pair may follow the first. */
const PAIR_MS = 1500;
const FIELDS = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable], [role=combobox]';

/** Whether single letters act at all: who dictates or rests on the keyboard may switch them off. */
export const letterKeys = ref(stored() !== 'off');

/** All shortcuts that work now, by the key of their heading. @type {Map<string, Shortcut[]>} */
export const shortcuts = shallowReactive(new Map());

function stored() {
  try {
    return localStorage.getItem('letterKeys');
  } catch {
    return null;
  }
}

/** @param {boolean} on */
export function setLetterKeys(on) {
  letterKeys.value = on;
  try {
    localStorage.setItem('letterKeys', on ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}

/**
 * Shortcuts that work as long as the component is there, and stand in the list of keys.
 *
 * @param {string} heading key of the text above them in the list
 * @param {Shortcut[]} list
 */
export function useShortcuts(heading, list) {
  onMounted(() => shortcuts.set(heading, list));
  onUnmounted(() => shortcuts.get(heading) === list && shortcuts.delete(heading));
}

let first = '';
let firstAt = 0;

/** @param {KeyboardEvent} event */
function press(event) {
  if (!letterKeys.value || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length !== 1 || event.isComposing || isElsewhere(event.target)) return;
  const key = event.key.toLowerCase();
  const pair = Date.now() - firstAt < PAIR_MS ? `${first} ${key}` : key;
  const all = [...shortcuts.values()].flat().filter(({ run }) => run);
  const found = all.find(({ keys }) => keys === pair) ?? all.find(({ keys }) => keys === key);
  const begins = !found && all.some(({ keys }) => keys.startsWith(`${key} `));
  first = begins ? key : '';
  firstAt = begins ? Date.now() : 0;
  if (!found && !begins) return;
  event.preventDefault();
  found?.run?.();
}

/** A field takes letters for itself, and what lies under a dialog must not move. @param {EventTarget | null} target */
function isElsewhere(target) {
  return Boolean(/** @type {Element} */ (target)?.closest?.(FIELDS)) || document.querySelector('dialog:modal') !== null;
}

document.addEventListener('keydown', press);
