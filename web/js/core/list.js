// @ts-check
import { computed, onUnmounted, ref, shallowRef, watch } from './vue.js';
import { isAbort, read } from './api.js';
import { route, setQuery } from './router.js';

export const PER_PAGE = 50;

/**
 * A list of the server whose page, order and filters stand in the address, so that a reload or a shared link shows the same.
 *
 * @param {{ path: string, plural: string, filters: string[], sort: string, changed: () => unknown }} options
 *   `filters` are parameters passed on as they are; `changed` is watched: when its value changes the list is read again
 */
export function useList({ path, plural, filters, sort: usualSort, changed }) {
  const rows = shallowRef(/** @type {any[]} */ ([]));
  const total = ref(0);
  const loading = ref(true);
  const error = shallowRef(/** @type {any} */ (null));
  const page = computed(() => Math.max(1, Number(route.value.query.get('page')) || 1));
  const sort = computed(() => route.value.query.get('sort') ?? usualSort);
  const query = computed(() => {
    const wanted = Object.fromEntries(filters.map((name) => [name, route.value.query.get(name)]));
    return { ...wanted, page: page.value, perPage: PER_PAGE, sort: sort.value };
  });
  let controller = new AbortController();

  async function load() {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    loading.value = true;
    try {
      const answer = await read(path, { query: query.value, signal });
      rows.value = answer[plural];
      total.value = answer.total;
      error.value = null;
      loading.value = false;
      // The last row of the last page was deleted: show the page that is the last one now.
      if (!answer.count && answer.total && page.value > 1) setQuery({ page: Math.ceil(answer.total / PER_PAGE) }, { replace: true });
    } catch (problem) {
      if (isAbort(problem)) return;
      error.value = problem;
      loading.value = false;
    }
  }

  watch([() => JSON.stringify(query.value), changed], load, { immediate: true });
  onUnmounted(() => controller.abort());

  return { rows, total, loading, error, page, sort, load };
}
