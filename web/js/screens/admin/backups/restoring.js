import { onMounted, onUnmounted, ref, shallowRef } from '../../../core/vue.js';
import { client, isAbort, read } from '../../../core/api.js';
import { session } from '../../../core/session.js';

const ASK_AGAIN_MS = 1500;
/** Shorter than this the clock would only flicker. */
const TICK_MS = 1000;

/**
 * A restore from the first look to its end. `stage` is `look`, `waiting`, then `done` with the server's answer, or `over` when the
 * connection broke and only the outcome is known (`happened`).
 *
 * @param {string} path of the backup
 */
export function useRestore(path) {
  const stage = ref('look');
  const found = shallowRef(null);
  const answer = shallowRef(null);
  const problem = shallowRef(null);
  const happened = ref(false);
  const seconds = ref(0);
  const leaving = new AbortController();

  const look = async () => {
    problem.value = null;
    try {
      found.value = await read(path, { signal: leaving.signal });
    } catch (error) {
      if (!isAbort(error)) problem.value = { isLook: true, message: error.message };
    }
  };

  /** The server goes on when its connection is gone. Whoever has been signed out by it knows that it came to its end. */
  const outcome = async () => {
    while (!leaving.signal.aborted) {
      try {
        await read('/api/auth/me', { quiet: true });
        return false;
      } catch (error) {
        if (error.status === 401) return true;
      }
      await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    }
    return false;
  };

  const start = async (name) => {
    stage.value = 'waiting';
    problem.value = null;
    seconds.value = 0;
    session.isEndShown = true;
    const timer = setInterval(() => (seconds.value += 1), TICK_MS);
    try {
      answer.value = await client.post(`${path}/restore`, { confirm: name }, { timeout: 0 });
      stage.value = 'done';
    } catch (error) {
      if (error.status === 0) {
        happened.value = await outcome();
        stage.value = 'over';
      } else {
        problem.value = error;
        stage.value = 'look';
      }
      session.isEndShown = happened.value;
    } finally {
      clearInterval(timer);
    }
  };

  onMounted(look);
  onUnmounted(() => {
    leaving.abort();
    session.isEndShown = false;
  });
  return { stage, found, answer, problem, happened, seconds, look, start };
}
