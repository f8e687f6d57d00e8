import { ref, shallowRef } from '../../../core/vue.js';
import { isAbort, read } from '../../../core/api.js';

/** Asks the server for what is typed; the question before is given up. The last answer stays until the next one is there. */
export function useSearch() {
  const hits = shallowRef(null);
  const error = shallowRef(null);
  const busy = ref(false);
  let controller = new AbortController();
  /** Settles when the present question is answered. */
  let answer = Promise.resolve();

  async function ask(text, signal) {
    try {
      const { results } = await read('/api/search', { query: { q: text }, signal });
      hits.value = { text, ...results };
      error.value = null;
    } catch (problem) {
      if (isAbort(problem)) return;
      error.value = problem;
      hits.value = null;
    }
    if (!signal.aborted) busy.value = false;
  }

  /** @param {string} text */
  function search(text) {
    controller.abort();
    controller = new AbortController();
    busy.value = text !== '';
    if (text) answer = ask(text, controller.signal);
    else hits.value = error.value = null;
  }

  return { hits, error, busy, search, settled: () => answer };
}
