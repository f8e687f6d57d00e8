// @ts-check
import { computed, reactive, ref, shallowRef } from './vue.js';
import { client, readRow } from './api.js';
import { t } from './i18n.js';

/**
 * @typedef {{ name: string, label: string, type?: string, required?: boolean, half?: boolean, max?: number,
 *   hint?: string | ((form: any) => string), locked?: boolean, inputmode?: string, options?: { value: string, label: string }[],
 *   find?: (letters: string, signal: AbortSignal) => Promise<any[]>, show?: (row: any) => string, from?: (row: any) => any }} FieldDef
 *   type `pick` holds the id of another row: `find` looks for one, `show` says how the stored one is called. `from` reads the value of a
 *   row where it is not simply the member of that name; a `locked` field is only shown
 */

const NUMERIC = ['year', 'number', 'pick'];
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * Everything a form of one row does, without its looks: load, check, save with the version it was loaded in, and what to do when
 * somebody else was quicker.
 *
 * @param {{ path: string, singular: string, fields: FieldDef[], id: number | null,
 *   initial?: Record<string, any>, body?: (changes: Record<string, any>) => Record<string, any> }} options `id` null for a new row,
 *   which starts with `initial`, the server's own defaults; `body` makes of the changed fields what the server is sent
 */
export function useEntityForm({ path, singular, fields, id, initial = {}, body = (changes) => changes }) {
  const form = reactive(fromRow(fields, initial));
  const errors = reactive(/** @type {Record<string, string>} */ ({}));
  /** What the server found odd about a row that it took. */
  const warnings = shallowRef(/** @type {string[]} */ ([]));
  const problem = shallowRef(/** @type {any} */ (null));
  const conflict = shallowRef(/** @type {null | { row: any, etag: string | null, differences: any[] }} */ (null));
  const storedName = ref('');
  const stored = shallowRef(/** @type {any} */ (null));
  /** How what a `pick` field holds is called. */
  const labels = reactive(labelsOf(fields, initial));
  const state = ref(/** @type {'loading' | 'ready' | 'saving' | 'missing'} */ (id === null ? 'ready' : 'loading'));
  const rowPath = `${path}/${id}`;
  let original = fromRow(fields, initial);
  /** @type {string | null} */
  let etag = null;

  /** @param {any} row @param {string | null} tag */
  function take(row, tag) {
    original = fromRow(fields, row);
    etag = tag;
    stored.value = row;
    storedName.value = row.name ?? '';
    Object.assign(form, original);
    Object.assign(labels, labelsOf(fields, row));
    state.value = 'ready';
  }

  async function load() {
    problem.value = null;
    state.value = 'loading';
    try {
      const { row, etag: tag } = await readRow(rowPath, singular);
      take(row, tag);
    } catch (error) {
      problem.value = error;
      state.value = 'missing';
    }
  }

  /** Reads the row again because somebody has changed it. What is being typed stays; saving finds the difference. */
  async function refresh() {
    if (dirty.value || state.value !== 'ready') return;
    try {
      const { row, etag: tag } = await readRow(rowPath, singular);
      if (!dirty.value && state.value === 'ready') take(row, tag);
    } catch (/** @type {any} */ error) {
      if (error.status !== 404) return;
      problem.value = error;
      state.value = 'missing';
    }
  }

  const blank = fromRow(fields, {});
  /** A new row also sends what it was begun with, other than the server's own defaults. */
  const base = () => (id === null ? { ...original, ...picksOf(fields, blank) } : original);
  const touched = () => fields.filter((field) => form[field.name] !== base()[field.name]);
  const changes = () => Object.fromEntries(touched().map((field) => [field.name, toJson(field, form[field.name])]));
  const dirty = computed(() => state.value === 'ready' && fields.some((field) => form[field.name] !== original[field.name]));

  function check() {
    for (const field of fields) {
      const text = String(form[field.name]).trim();
      if (field.required && !text) errors[field.name] = t('form.required', { label: field.label });
      else if (field.type === 'email' && text && !EMAIL.test(text)) errors[field.name] = t('form.email');
      else if (field.type === 'year' && text && !/^(19|20)\d\d$/.test(text)) errors[field.name] = t('form.year');
      else if (field.type === 'number' && text && !/^\d+$/.test(text)) errors[field.name] = t('form.number');
    }
    return Object.keys(errors).length === 0;
  }

  /** @returns {Promise<any>} the stored row, or null when something stands in the way, which is then shown */
  async function save() {
    problem.value = null;
    if (!check()) return null;
    state.value = 'saving';
    try {
      const headers = etag ? { 'If-Match': etag } : {};
      const sent = body(changes());
      const answer = id === null ? await client.post(path, sent) : await client.put(rowPath, sent, { headers });
      warnings.value = (answer.warnings ?? []).map((/** @type {any} */ warning) => warning.message);
      return answer[singular];
    } catch (error) {
      await explain(error);
      return null;
    } finally {
      state.value = 'ready';
    }
  }

  /** @param {any} error */
  async function explain(error) {
    if (id !== null && (error.status === 409 || error.status === 412) && (await findConflict())) return;
    const known = error.errors?.filter((/** @type {any} */ e) => e.field in form) ?? [];
    for (const { field, message } of known) errors[field] = message;
    // What a field already says is not said twice.
    problem.value = known.length && known.length === error.errors.length ? null : error;
  }

  /** A 409 is a stale version only when the row has another tag by now; otherwise it is a rule, such as a bib in use. */
  async function findConflict() {
    const now = await readRow(rowPath, singular).catch(() => null);
    if (!now || now.etag === etag) return false;
    const theirs = fromRow(fields, now.row);
    const shown = labelsOf(fields, now.row);
    const differing = fields.filter((field) => theirs[field.name] !== original[field.name] && theirs[field.name] !== form[field.name]);
    const differences = differing.map((field) => ({
      field,
      theirs: theirs[field.name],
      mine: form[field.name],
      theirsShown: shown[field.name] ?? theirs[field.name],
      mineShown: labels[field.name] ?? form[field.name],
      touched: form[field.name] !== original[field.name],
    }));
    conflict.value = { ...now, differences };
    return true;
  }

  /**
   * Goes on with the newer version: what was typed stays where nobody else changed anything, elsewhere as it was decided.
   *
   * @param {Record<string, 'mine' | 'theirs'>} decisions by the name of a field
   */
  function settle(decisions) {
    if (!conflict.value) return;
    const kept = touched().filter(({ name }) => decisions[name] !== 'theirs');
    const differing = conflict.value.differences.filter(({ field }) => decisions[field.name] === 'mine');
    const mine = Object.fromEntries([...kept, ...differing.map(({ field }) => field)].map(({ name }) => [name, form[name]]));
    const named = { ...labels };
    take(conflict.value.row, conflict.value.etag);
    Object.assign(form, mine);
    for (const name of Object.keys(mine)) if (name in named) labels[name] = named[name];
    conflict.value = null;
  }

  /** @param {boolean} cascade also what belongs to it */
  async function remove(cascade) {
    problem.value = null;
    state.value = 'saving';
    try {
      await client.delete(rowPath, { query: cascade ? { cascade: true } : {} });
      return true;
    } catch (/** @type {any} */ error) {
      problem.value = error;
      return error.status === 404;
    } finally {
      state.value = 'ready';
    }
  }

  return { form, labels, stored, warnings, storedName, errors, problem, conflict, state, dirty, load, refresh, save, settle, remove };
}

/** @param {FieldDef[]} fields @param {any} row @returns {Record<string, any>} */
const fromRow = (fields, row) => Object.fromEntries(fields.map((field) => [field.name, toForm(field, valueOf(field, row))]));

/** @param {FieldDef} field @param {any} row */
const valueOf = (field, row) => (field.from ? field.from(row) : row[field.name]);

/** @param {FieldDef[]} fields @param {any} row @returns {Record<string, string>} */
function labelsOf(fields, row) {
  const picks = fields.filter((field) => field.show && row[field.name] !== undefined);
  return Object.fromEntries(picks.map((field) => [field.name, field.show?.(row) ?? '']));
}

/** @param {FieldDef[]} fields @param {Record<string, any>} values */
const picksOf = (fields, values) => Object.fromEntries(fields.filter(({ type }) => type === 'pick').map(({ name }) => [name, values[name]]));

/** @param {FieldDef} field @param {any} value */
function toForm(field, value) {
  if (field.type === 'checkbox') return Boolean(value);
  const text = String(value ?? '');
  if (field.type === 'datetime-local') return text ? localMinute(text) : '';
  return field.type === 'date' ? text.slice(0, 10) : text;
}

/** @param {FieldDef} field @param {any} value */
function toJson(field, value) {
  if (field.type === 'checkbox') return value;
  const text = String(value).trim();
  if (!text) return null;
  if (field.type === 'datetime-local') return new Date(text).toISOString();
  return NUMERIC.includes(field.type ?? '') ? Number(text) : text;
}

/** An instant as the clock of this place shows it, which is what the field holds. @param {string} instant RFC 3339 */
function localMinute(instant) {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
