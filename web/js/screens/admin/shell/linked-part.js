import { watch } from '../../../core/vue.js';
import { route } from '../../../core/router.js';

/** A screen that is not there by then is not waited for. */
const PATIENCE_MS = 5000;

/** `?part=own-sessions` in the address leads to the element of this id once the screen shows it. */
export function useLinkedPart() {
  watch(() => route.value.query.get('part'), (id) => id && lookFor(id, Date.now() + PATIENCE_MS), { immediate: true });
}

/** @param {string} id @param {number} until */
function lookFor(id, until) {
  const part = document.querySelector('#main')?.querySelector(`#${CSS.escape(id)}`);
  if (part) {
    part.scrollIntoView({ block: 'start' });
    part.setAttribute('tabindex', '-1');
    part.focus({ preventScroll: true });
  } else if (route.value.query.get('part') === id && Date.now() < until) {
    requestAnimationFrame(() => lookFor(id, until));
  }
}
