// @ts-check
import { onMounted, onUnmounted, ref, shallowRef } from './vue.js';
import { isAbort } from './api.js';

/**
 * One part of a screen that is read by itself: what came, what went wrong, and when it was last true. After an error the last
 * answer stays, with its age.
 *
 * @param {(signal: AbortSignal) => Promise<any>} fetchPart
 * @param {{ everyMs?: number }} [options] read again that often while the page is seen
 */
export function usePart(fetchPart, { everyMs = 0 } = {}) {
  const value = shallowRef(/** @type {any} */ (null));
  const error = shallowRef(/** @type {any} */ (null));
  const busy = ref(false);
  const at = ref(0);
  let controller = new AbortController();

  async function load() {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    busy.value = true;
    try {
      const answer = await fetchPart(signal);
      if (signal.aborted) return;
      value.value = answer;
      error.value = null;
      at.value = Date.now();
    } catch (problem) {
      if (isAbort(problem) || signal.aborted) return;
      error.value = problem;
    }
    busy.value = false;
  }

  const look = () => document.hidden || busy.value || void load();
  let timer = 0;
  onMounted(() => {
    if (!everyMs) return;
    timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
  });
  onUnmounted(() => {
    controller.abort();
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  });

  return { value, error, busy, at, load };
}
