// @ts-check
import { computed, reactive, ref, shallowRef } from './vue.js';
import { client, readRow } from './api.js';
import { t } from './i18n.js';

/**
 * @typedef {{ name: string, label: string, type?: string, required?: boolean, half?: boolean, max?: number, hint?: string,
 *   inputmode?: string, options?: { value: string, label: string }[] }} FieldDef
 */

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * Everything a form of one row does, without its looks: load, check, save with the version it was loaded in, and what to do when
 * somebody else was quicker.
 *
 * @param {{ path: string, singular: string, fields: FieldDef[], id: number | null,
 *   initial?: Record<string, any> }} options `id` null for a new row, which starts with `initial`, the server's own defaults
 */
export function useEntityForm({ path, singular, fields, id, initial = {} }) {
  const form = reactive(fromRow(fields, initial));
  const errors = reactive(/** @type {Record<string, string>} */ ({}));
  const problem = shallowRef(/** @type {any} */ (null));
  const conflict = shallowRef(/** @type {null | { row: any, etag: string | null, differences: any[] }} */ (null));
  const storedName = ref('');
  const state = ref(/** @type {'loading' | 'ready' | 'saving' | 'missing'} */ (id === null ? 'ready' : 'loading'));
  const rowPath = `${path}/${id}`;
  let original = fromRow(fields, initial);
  /** @type {string | null} */
  let etag = null;

  /** @param {any} row @param {string | null} tag */
  function take(row, tag) {
    original = fromRow(fields, row);
    etag = tag;
    storedName.value = original.name;
    Object.assign(form, original);
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

  const touched = () => fields.filter((field) => form[field.name] !== original[field.name]);
  const changes = () => Object.fromEntries(touched().map((field) => [field.name, toJson(field, form[field.name])]));
  const dirty = computed(() => state.value === 'ready' && touched().length > 0);

  function check() {
    for (const field of fields) {
      const text = String(form[field.name]).trim();
      if (field.required && !text) errors[field.name] = t('form.required', { label: field.label });
      else if (field.type === 'email' && text && !EMAIL.test(text)) errors[field.name] = t('form.email');
      else if (field.type === 'year' && text && !/^(19|20)\d\d$/.test(text)) errors[field.name] = t('form.year');
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
      const answer = id === null ? await client.post(path, changes()) : await client.put(rowPath, changes(), { headers });
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
    const differing = fields.filter((field) => theirs[field.name] !== original[field.name]);
    conflict.value = { ...now, differences: differing.map((field) => ({ field, theirs: theirs[field.name], mine: form[field.name] })) };
    return true;
  }

  function takeTheirs() {
    if (conflict.value) take(conflict.value.row, conflict.value.etag);
    conflict.value = null;
  }

  /** Keeps what was typed, but on top of the newer version: fields that were not touched here get their value from there. */
  function keepMine() {
    if (!conflict.value) return;
    const mine = Object.fromEntries(touched().map((field) => [field.name, form[field.name]]));
    take(conflict.value.row, conflict.value.etag);
    Object.assign(form, mine);
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

  return { form, storedName, errors, problem, conflict, state, dirty, load, save, takeTheirs, keepMine, remove };
}

/** @param {FieldDef[]} fields @param {any} row @returns {Record<string, any>} */
const fromRow = (fields, row) => Object.fromEntries(fields.map((field) => [field.name, toForm(field, row[field.name])]));

/** @param {FieldDef} field @param {any} value */
function toForm(field, value) {
  if (field.type === 'checkbox') return Boolean(value);
  const text = String(value ?? '');
  return field.type === 'date' ? text.slice(0, 10) : text;
}

/** @param {FieldDef} field @param {any} value */
function toJson(field, value) {
  if (field.type === 'checkbox') return value;
  const text = String(value).trim();
  if (!text) return null;
  return field.type === 'year' ? Number(text) : text;
}
