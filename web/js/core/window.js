// @ts-check
import { onUnmounted, ref, shallowRef, watch } from './vue.js';
import { isAbort, read } from './api.js';

/** Rows asked for at a time. */
const PAGE = 100;
/** The largest page the server gives, for when many rows are needed at once. */
const LARGE_PAGE = 500;
/** Pages kept, so that scrolling back needs no request. */
const KEPT_PAGES = 40;
/** While a person scrolls, pages are asked for at most this often. */
const PAUSE_MS = 70;

/**
 * A list of the server of any length, of which only the pages in view are read.
 *
 * ```js
 * const source = useWindow({
 *   path: '/api/athletes', plural: 'athletes',
 *   query: () => ({ q: search.value, sort: sort.value }),   // reactive: another answer reads the list anew
 *   changed: () => dashboard.revision,                      // reactive: another value reads the rows in view again
 * });
 * source.total.value      // number of rows, null before the first answer
 * source.rowAt(7)         // the row, or undefined while it is on its way (reactive)
 * source.need(0, 40)      // these rows are in view now; VTable calls it
 * source.loading.value    // a request is under way
 * source.error.value      // what went wrong last, or null
 * source.behind.value     // the rows are still those of an earlier query
 * source.reload()         // reads the rows in view again
 * ```
 *
 * @param {{ path: string, plural: string, query: () => Record<string, any>, changed?: () => unknown }} options
 */
export function useWindow({ path, plural, query, changed = () => 0 }) {
  const total = ref(/** @type {number | null} */ (null));
  const loading = ref(true);
  const error = shallowRef(/** @type {any} */ (null));
  /** Goes up when rows have come. */
  const version = ref(0);
  /** Goes up when the first rows of another query have come: a table then starts at its top. */
  const epoch = ref(0);
  /** True while the rows at hand are still those of an earlier query. */
  const behind = ref(false);

  /** @type {Map<number, { rows: any[], stale: boolean }>} in the order of their use */
  let pages = new Map();
  /** @type {Map<number, AbortController>} */
  const flights = new Map();
  let wanted = { from: 0, to: PAGE - 1 };
  let anew = true;
  let timer = 0;

  const pageOf = (/** @type {number} */ index) => Math.floor(index / PAGE);

  function need(/** @type {number} */ from, /** @type {number} */ to) {
    wanted = { from, to };
    if (!timer) timer = window.setTimeout(fetchWanted, PAUSE_MS);
  }

  function fetchWanted() {
    clearTimeout(timer);
    timer = 0;
    const first = pageOf(Math.max(0, wanted.from));
    const last = pageOf(Math.max(0, Math.min(wanted.to, (total.value ?? PAGE) - 1)));
    for (const [page, controller] of flights) {
      if (page < first || page > last) controller.abort();
    }
    for (let page = first; page <= last; page += 1) {
      const kept = pages.get(page);
      if (!flights.has(page) && (anew || !kept || kept.stale)) void fetchPage(page);
    }
  }

  async function fetchPage(/** @type {number} */ page) {
    const controller = new AbortController();
    flights.set(page, controller);
    loading.value = true;
    try {
      const answer = await readPage(page + 1, PAGE, controller.signal);
      if (anew) {
        pages = new Map();
        anew = false;
        behind.value = false;
        epoch.value += 1;
      }
      keep(page, answer[plural]);
      total.value = answer.total;
      error.value = null;
      version.value += 1;
    } catch (problem) {
      if (!isAbort(problem)) error.value = problem;
    } finally {
      if (flights.get(page) === controller) flights.delete(page);
      loading.value = flights.size > 0;
    }
  }

  const readPage = (/** @type {number} */ page, /** @type {number} */ perPage, /** @type {AbortSignal} */ signal) =>
    read(path, { query: { ...query(), page, perPage }, signal });

  function keep(/** @type {number} */ page, /** @type {any[]} */ rows) {
    pages.delete(page);
    pages.set(page, { rows, stale: false });
    if (pages.size > KEPT_PAGES) pages.delete(/** @type {number} */ (pages.keys().next().value));
  }

  function abortAll() {
    for (const controller of flights.values()) controller.abort();
    flights.clear();
  }

  /** Reads the rows in view again; what is shown stays until they have come. */
  function reload() {
    abortAll();
    for (const page of pages.values()) page.stale = true;
    fetchWanted();
  }

  function restart() {
    abortAll();
    anew = true;
    behind.value = true;
    wanted = { from: 0, to: PAGE - 1 };
    fetchWanted();
  }

  /** @param {number} index @returns {any} undefined while the row is on its way */
  function rowAt(index) {
    void version.value;
    return pages.get(pageOf(index))?.rows[index % PAGE];
  }

  /** Where a row stands, when its page is at hand; otherwise -1. @param {number} id */
  function indexOf(id) {
    void version.value;
    for (const [page, { rows }] of pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  /**
   * All rows from one to another, read where they are not at hand.
   *
   * @param {number} from @param {number} to inclusive @param {AbortSignal} [signal]
   * @returns {Promise<any[]>}
   */
  async function rowsBetween(from, to, signal = new AbortController().signal) {
    const known = [];
    for (let index = from; index <= to; index += 1) known.push(rowAt(index));
    if (known.every(Boolean)) return known;
    const rows = [];
    const first = Math.floor(from / LARGE_PAGE);
    const last = Math.floor(to / LARGE_PAGE);
    for (let page = first; page <= last; page += 1) {
      rows.push(...(await readPage(page + 1, LARGE_PAGE, signal))[plural]);
    }
    return rows.slice(from - first * LARGE_PAGE, to - first * LARGE_PAGE + 1);
  }

  watch(() => JSON.stringify(query()), restart, { immediate: true });
  watch(changed, reload);
  onUnmounted(() => {
    clearTimeout(timer);
    abortAll();
  });

  return { total, loading, error, epoch, behind, rowAt, indexOf, rowsBetween, need, reload };
}

/** @typedef {ReturnType<typeof useWindow>} Source */
