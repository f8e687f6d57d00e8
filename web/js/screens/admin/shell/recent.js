import { shallowRef } from '../../../core/vue.js';
import { session } from '../../../core/session.js';

/** What was chosen last in the search, latest first; of this person in this browser. */
export const recent = shallowRef([]);

const KEPT = 6;
const nameOfStore = () => `recent.${session.user?.id ?? ''}`;

export function loadRecent() {
  try {
    recent.value = JSON.parse(localStorage.getItem(nameOfStore()) ?? '[]');
  } catch {
    recent.value = [];
  }
}

/** @param {{ to: string, icon: string, label: string, hint?: string }} choice */
export function rememberChoice({ to, icon, label, hint = '' }) {
  const others = recent.value.filter((one) => one.to !== to);
  recent.value = [{ to, icon, label, hint }, ...others].slice(0, KEPT);
  try {
    localStorage.setItem(nameOfStore(), JSON.stringify(recent.value));
  } catch {
    // Without storage they last until the page is closed.
  }
}

export function forgetRecent() {
  recent.value = [];
  try {
    localStorage.removeItem(nameOfStore());
  } catch {
    // There is nothing to forget then.
  }
}
