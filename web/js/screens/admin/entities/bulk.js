import { ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { dataChanged } from '../../../core/dashboard.js';
import { t } from '../../../core/i18n.js';
import { toast } from '../../../ui/toast.js';

/** Without the rows at hand, so many are read to know what a change could be turned back to. */
const READ_FOR_UNDO = 2000;

/**
 * Changes and deletes the selected rows of a list and tells what came of it.
 *
 * An action of a subject: `{ key, label, may, danger, set, ask, options, remove }`. `set` is what the rows get; with `ask`, the name of
 * a field, a person is asked for its value first; `options` are the choices of a menu; `remove` deletes.
 */
export function useBulk({ subject, source, selection }) {
  /** The action that waits for a value or for a yes. */
  const asking = shallowRef(null);
  /** What hangs on the rows that were to be deleted, by its name. */
  const hanging = shallowRef(null);
  const busy = ref(false);
  const problem = shallowRef(null);
  /** What the server would not do, with its reasons. */
  const refused = shallowRef(null);

  const ids = () => [...selection.ids.value];

  const stop = () => {
    asking.value = null;
    hanging.value = null;
    problem.value = null;
  };

  /** Runs one request; what goes wrong is kept for the page to say. */
  async function attempt(work) {
    busy.value = true;
    problem.value = null;
    try {
      return await work();
    } catch (error) {
      problem.value = error;
      return null;
    } finally {
      busy.value = false;
    }
  }

  async function update(set) {
    const chosen = ids();
    refused.value = null;
    const answer = await attempt(async () => {
      const before = await valuesBefore(source, chosen, Object.keys(set));
      return { before, ...(await send(subject, chosen, set)) };
    });
    if (!answer) return;
    stop();
    tell(answer, set);
    selection.clear();
    dataChanged();
  }

  function tell({ changed, unchanged, missing, refused: turnedDown, before }) {
    const parts = [
      unchanged > 0 && t('bulk.unchanged', { n: unchanged }),
      missing.length > 0 && t('bulk.missing', { n: missing.length }),
      turnedDown.length > 0 && t('bulk.refused', { n: turnedDown.length }),
    ].filter(Boolean);
    refused.value = turnedDown.length ? turnedDown : null;
    if (!changed && !parts.length) return;
    const title = changed ? subject.text('bulkChanged', { n: changed }) : t('bulk.nothing');
    const failed = new Set([...missing, ...turnedDown.map(({ id }) => id)]);
    const undo = changed && before ? () => takeBack(before, failed) : undefined;
    toast(title, { text: parts.join(' '), undo });
  }

  /** Gives every row the value it had. */
  async function takeBack(before, failed) {
    const done = await attempt(async () => {
      for (const { set, ids: rows } of before) await send(subject, rows.filter((id) => !failed.has(id)), set);
      return true;
    });
    dataChanged();
    if (done) toast(t('bulk.undone'));
  }

  async function remove() {
    const chosen = ids();
    const query = hanging.value ? { cascade: true } : {};
    const answer = await attempt(() => client.post(`${subject.path}/bulk/delete`, { ids: chosen }, { query }));
    if (!answer) {
      if (problem.value.status === 409 && problem.value.body.counts) {
        hanging.value = problem.value.body.counts;
        problem.value = null;
      }
      return;
    }
    stop();
    const missing = answer.missing?.length ?? 0;
    toast(subject.text('bulkDeleted', { n: answer.deleted }), { text: missing ? t('bulk.missing', { n: missing }) : '' });
    selection.clear();
    dataChanged();
  }

  /** Starts an action: at once, or after a question. */
  function start(action) {
    refused.value = null;
    problem.value = null;
    if (action.set) void update(action.set);
    else asking.value = action;
  }

  return { asking, hanging, busy, problem, refused, start, stop, update, remove };
}

/** Races have no change of many at once: they are few, and each is changed by itself. */
async function send({ path, singular, bulkUpdate = true }, ids, set) {
  if (!ids.length) return { changed: 0, unchanged: 0, missing: [], refused: [] };
  if (bulkUpdate) {
    const answer = await client.post(`${path}/bulk/update`, { ids, set });
    return { changed: 0, unchanged: 0, missing: [], refused: [], ...answer };
  }
  const sum = { changed: 0, unchanged: 0, missing: [], refused: [] };
  for (const id of ids) {
    try {
      await client.put(`${path}/${id}`, set);
      sum.changed += 1;
    } catch (error) {
      if (error.status === 404) sum.missing.push(id);
      else if (error.status === 409 || error.status === 422) sum.refused.push({ id, message: `${singular} ${id}: ${error.message}` });
      else throw error;
    }
  }
  return sum;
}

/** The rows in groups of the same present values; null when not all of them are known, then there is no way back. */
async function valuesBefore(source, ids, names) {
  let rows = ids.map((id) => source.rowAt(source.indexOf(id)));
  if (rows.includes(undefined)) {
    if ((source.total.value ?? 0) > READ_FOR_UNDO) return null;
    const all = new Map((await source.rowsBetween(0, source.total.value - 1)).map((row) => [row.id, row]));
    rows = ids.map((id) => all.get(id));
    if (rows.includes(undefined)) return null;
  }
  const groups = new Map();
  for (const row of rows) {
    const set = Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
    const key = JSON.stringify(set);
    if (!groups.has(key)) groups.set(key, { set, ids: [] });
    groups.get(key).ids.push(row.id);
  }
  return [...groups.values()];
}
