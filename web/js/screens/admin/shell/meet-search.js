import { computed, ref, shallowRef } from '../../../core/vue.js';
import { findMeets, meets } from '../../../core/meet.js';

/** The races that the typed letters fit. With all races at hand there is nothing to ask the server. */
export function useMeetSearch() {
  const letters = ref('');
  const found = shallowRef([]);
  const error = shallowRef(null);
  let controller = new AbortController();

  const wanted = computed(() => letters.value.trim().toLowerCase());
  const hasAll = () => meets.rows?.length === meets.total;
  const fits = ({ name, location, date }) => `${name} ${location} ${date}`.toLowerCase().includes(wanted.value);
  const rows = computed(() => {
    if (!wanted.value) return meets.rows ?? [];
    return hasAll() ? meets.rows.filter(fits) : found.value;
  });

  /** @param {string} text */
  async function search(text) {
    letters.value = text;
    error.value = null;
    controller.abort();
    if (!wanted.value || hasAll()) return;
    controller = new AbortController();
    try {
      found.value = (await findMeets(wanted.value, controller.signal)) ?? found.value;
    } catch (problem) {
      error.value = problem;
    }
  }

  return { letters, wanted, rows, error, search };
}
