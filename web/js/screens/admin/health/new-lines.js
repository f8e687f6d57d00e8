import { onMounted, onUnmounted, ref, watch } from '../../../core/vue.js';

const EVERY_MS = 10_000;

/**
 * How many lines have come, for who does not see: told at most every ten seconds, so that one can listen to something else.
 *
 * @param {import('../../../core/vue.js').ShallowRef<{ seq: number }[] | null>} lines
 */
export function useNewLines(lines) {
  const announced = ref(0);
  let seen = 0;
  let waiting = 0;
  watch(lines, (now) => {
    const newest = now?.at(-1)?.seq ?? 0;
    // The lines that are there at the start are no news.
    if (now && seen) waiting += now.filter(({ seq }) => seq > seen).length;
    seen = now ? Math.max(seen, newest) : 0;
  });
  let timer = 0;
  onMounted(() => {
    timer = setInterval(() => {
      announced.value = waiting;
      waiting = 0;
    }, EVERY_MS);
  });
  onUnmounted(() => clearInterval(timer));
  return announced;
}
