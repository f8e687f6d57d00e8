import { ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { dataChanged } from '../../../core/dashboard.js';

/** Takes an import back. What stands in the way, row by row, is in `refusal.value.body.changed`. */
export function useUndo() {
  const busy = ref(false);
  const refusal = shallowRef(null);

  /** @returns what was done, or null when it was refused. With `rest`, rows that have changed since stay. */
  async function undo(id, { rest = false } = {}) {
    busy.value = true;
    refusal.value = null;
    try {
      const query = rest ? { rest: true } : {};
      const done = await client.request(`/api/admin/imports/${id}/undo`, { method: 'POST', query, timeout: 0 });
      dataChanged();
      return done;
    } catch (error) {
      refusal.value = error;
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { busy, refusal, undo };
}
