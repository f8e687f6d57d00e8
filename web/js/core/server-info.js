// @ts-check
import { shallowRef } from './vue.js';
import { read } from './api.js';

/** What the server says of itself, null before its first answer. @type {import('./vue.js').ShallowRef<any>} */
export const info = shallowRef(null);

/** @returns {Promise<any>} the same, when it has been asked */
export async function loadInfo() {
  try {
    info.value = await read('/api/info', { quiet: true });
  } catch {
    // Nothing is claimed about a server that does not answer; the screens themselves say that it is away.
  }
  return info.value;
}
