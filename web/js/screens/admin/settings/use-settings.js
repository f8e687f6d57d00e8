// @ts-check
import { computed, reactive, ref, shallowRef } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { fmtNumber } from '../../../core/format.js';
import { locale, t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { loadInfo } from '../../../core/server-info.js';
import { ALL_SETTINGS } from './fields.js';

const PATH = '/api/admin/settings';

/** @typedef {import('./fields.js').Setting} Setting */

/** Numbers are text while they are typed. @param {Setting} setting @param {any} value */
function toForm(setting, value) {
  if (setting.kind === 'switch') return Boolean(value);
  if (setting.kind === 'languages') return [...(value ?? [])];
  if (setting.kind === 'days') return String(value ?? 0);
  return String(value ?? '');
}

/** @param {Setting} setting @param {any} value */
function toJson(setting, value) {
  if (setting.kind === 'number' || setting.kind === 'days') return Number(value);
  if (setting.kind === 'text') return value.trim() || null;
  return value;
}

/** The server's settings as a form: what was changed, what is wrong with it, and saving only that. */
export function useSettings() {
  const part = usePart(async (signal) => {
    const answer = await read(PATH, { signal });
    fill(answer.settings);
    return answer;
  });
  const form = reactive(/** @type {Record<string, any>} */ ({}));
  const errors = reactive(/** @type {Record<string, string>} */ ({}));
  const problem = shallowRef(/** @type {any} */ (null));
  const saved = ref('');
  const busy = ref(false);
  const stored = computed(() => part.value.value?.settings ?? null);
  const known = computed(() => ALL_SETTINGS.filter(({ name }) => stored.value && name in stored.value));
  const sourceOf = (/** @type {string} */ name) => part.value.value?.sources?.[name] ?? '';
  const boundsOf = (/** @type {string} */ name) => part.value.value?.bounds?.[name] ?? null;

  /** @param {Record<string, any>} settings */
  function fill(settings) {
    for (const setting of ALL_SETTINGS) {
      if (setting.name in settings) form[setting.name] = toForm(setting, settings[setting.name]);
    }
    for (const name of Object.keys(errors)) delete errors[name];
  }
  function reset() {
    fill(stored.value);
    problem.value = null;
  }

  const isChanged = (/** @type {Setting} */ setting) => setting.name in form
    && String(form[setting.name]).trim() !== String(toForm(setting, stored.value[setting.name]));
  const changed = computed(() => known.value.filter(isChanged));

  /** What the server will not take is said before it is asked. @param {Setting} setting */
  function faultOf({ name, kind }) {
    if (kind !== 'number') return '';
    const text = form[name].trim();
    const bounds = boundsOf(name);
    const whole = /^\d+$/.test(text);
    if (!bounds) return whole ? '' : t('settings.whole');
    const inside = whole && Number(text) >= bounds.min && Number(text) <= bounds.max;
    return inside ? '' : t('settings.between', { min: fmtNumber(bounds.min), max: fmtNumber(bounds.max) });
  }
  function check() {
    for (const setting of changed.value) {
      const fault = faultOf(setting);
      if (fault) errors[setting.name] = fault;
    }
    return Object.keys(errors).length === 0;
  }

  const names = (/** @type {Setting[]} */ settings) => new Intl.ListFormat(locale())
    .format(settings.map(({ name }) => t(`setting.${name}`)));

  async function save() {
    problem.value = null;
    saved.value = '';
    if (!check()) return;
    busy.value = true;
    const settings = changed.value;
    try {
      await client.put(PATH, Object.fromEntries(settings.map((one) => [one.name, toJson(one, form[one.name])])));
      const list = names(settings);
      await Promise.all([part.load(), loadInfo()]);
      saved.value = t('settings.saved', { list });
    } catch (/** @type {any} */ error) {
      const faults = error.errors?.filter((/** @type {any} */ fault) => fault.field in form) ?? [];
      for (const { field, message } of faults) errors[field] = message;
      problem.value = error;
    }
    busy.value = false;
  }

  /** Gives up one stored value for the default; what else was typed stays. @param {Setting} setting */
  async function restore(setting) {
    problem.value = null;
    saved.value = '';
    try {
      const answer = await client.put(PATH, { [setting.name]: null });
      part.value.value = answer;
      form[setting.name] = toForm(setting, answer.settings[setting.name]);
      delete errors[setting.name];
      saved.value = t('settings.restored', { name: t(`setting.${setting.name}`) });
      await loadInfo();
    } catch (error) {
      problem.value = error;
    }
  }

  return { part, form, errors, problem, saved, busy, stored, changed, sourceOf, boundsOf, reset, save, restore, names };
}
