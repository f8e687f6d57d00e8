// @ts-check
import { ref } from './vue.js';

/** @typedef {'system' | 'light' | 'dark'} Theme */

const set = document.documentElement.dataset.theme;

/** What the person chose; `boot-theme.js` has already applied it before the first paint. */
export const theme = ref(/** @type {Theme} */ (set === 'light' || set === 'dark' ? set : 'system'));

/** @param {Theme} choice */
export function setTheme(choice) {
  theme.value = choice;
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  try {
    if (choice === 'system') localStorage.removeItem('theme');
    else localStorage.setItem('theme', choice);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}
