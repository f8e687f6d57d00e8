// @ts-check
import { ref, shallowRef, watch } from './vue.js';
import { read } from './api.js';

/**
 * Which rows are chosen, by id, so that the choice stays while its rows are far out of view. Another query empties it: nobody should
 * change rows that the list no longer shows.
 *
 * @param {{ path: string, query: () => Record<string, any> }} options the list's own path and filters
 */
export function useSelection({ path, query }) {
  const ids = shallowRef(/** @type {Set<number>} */ (new Set()));
  const busy = ref(false);
  const error = shallowRef(/** @type {any} */ (null));
  /** The server names at most so many; null when it named all that match. */
  const cutAt = ref(/** @type {number | null} */ (null));

  const filters = () => {
    const { sort: _sort, ...rest } = query();
    return rest;
  };

  const replace = (/** @type {Iterable<number>} */ next) => {
    ids.value = new Set(next);
  };

  const toggle = (/** @type {number} */ id) => {
    const next = new Set(ids.value);
    if (!next.delete(id)) next.add(id);
    ids.value = next;
  };

  const add = (/** @type {number[]} */ more) => replace([...ids.value, ...more]);

  const clear = () => {
    if (ids.value.size) ids.value = new Set();
    cutAt.value = null;
    error.value = null;
  };

  /** Every row of the present filter, also those that were never in view. */
  async function all() {
    busy.value = true;
    error.value = null;
    try {
      const answer = await read(`${path}/ids`, { query: filters() });
      replace(answer.ids);
      cutAt.value = answer.truncated ? answer.ids.length : null;
    } catch (problem) {
      error.value = problem;
    } finally {
      busy.value = false;
    }
  }

  watch(() => JSON.stringify(filters()), clear);

  return { ids, busy, error, cutAt, toggle, add, replace, clear, all };
}

/** @typedef {ReturnType<typeof useSelection>} Selection */
