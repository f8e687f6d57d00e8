// @ts-check
import { ref } from './vue.js';

/** @typedef {'device' | 'desk' | 'field'} Density `desk` for a laptop on a table, `field` for fingers in the rain */

const set = document.documentElement.dataset.density;

/** How much room rows and controls take in this browser; `boot-theme.js` has already applied what was chosen. */
export const density = ref(/** @type {Density} */ (set === 'desk' || set === 'field' ? set : 'device'));

/** @param {Density} choice */
export function setDensity(choice) {
  density.value = choice;
  if (choice === 'device') delete document.documentElement.dataset.density;
  else document.documentElement.dataset.density = choice;
  try {
    if (choice === 'device') localStorage.removeItem('density');
    else localStorage.setItem('density', choice);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}
