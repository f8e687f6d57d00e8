import { onMounted, onUnmounted, ref, shallowRef, watch } from '../../../core/vue.js';
import { isAbort, read } from '../../../core/api.js';

const PATH = '/api/admin/logs';
const EVERY_MS = 2000;
const AT_ONCE = 200;
/** More lines than anybody reads; older ones go, so that a page left open over night stays quick. */
const KEPT = 500;

/**
 * The server's log as it is written: the last lines first, then every two seconds what has come since.
 *
 * @param {() => { level: string, q: string }} query reactive: another one starts anew
 */
export function useLogFeed(query) {
  const lines = shallowRef(null); // null before the first answer
  const error = shallowRef(null);
  const paused = ref(false);
  const at = ref(0); // when the server was last heard
  let newest = 0;
  let controller = new AbortController();
  let asking = false;

  async function ask(after) {
    asking = true;
    const { signal } = controller;
    try {
      const answer = await read(PATH, { query: { ...query(), limit: AT_ONCE, ...(after > 0 && { after }) }, signal });
      const before = after > 0 ? (lines.value ?? []) : [];
      // A server that was started again counts from the beginning.
      if (answer.newest < after) {
        newest = 0;
        asking = false;
        return ask(0);
      }
      // A full answer is not the last one: the lines behind it come with the next question.
      const full = after > 0 && answer.logs.length === AT_ONCE;
      newest = full ? answer.logs.at(-1).seq : Math.max(newest, answer.newest ?? 0);
      if (answer.logs.length || !lines.value || !after) lines.value = [...before, ...answer.logs].slice(-KEPT);
      error.value = null;
      at.value = Date.now();
    } catch (problem) {
      if (isAbort(problem)) return;
      error.value = problem;
    }
    asking = false;
  }

  function restart() {
    controller.abort();
    controller = new AbortController();
    newest = 0;
    lines.value = null;
    void ask(0);
  }

  const look = () => paused.value || asking || document.hidden || void ask(newest);
  let timer = 0;
  onMounted(() => (timer = setInterval(look, EVERY_MS)));
  onUnmounted(() => {
    clearInterval(timer);
    controller.abort();
  });
  watch(() => JSON.stringify(query()), restart, { immediate: true });
  watch(paused, () => look());

  return { lines, error, paused, at, restart };
}
