// @ts-check
import { html } from '../../../core/html.js';
import { fmtNumber } from '../../../core/format.js';
import { LANGUAGES, t } from '../../../core/i18n.js';
import { KEPT_FOR, nameOfLanguage } from './fields.js';
import { SettingRow } from './setting-row.js';

/**
 * One setting of the server with the control that fits it.
 *
 * @param {{ setting: import('./fields.js').Setting, state: any }} props `state` as `useSettings` gives it
 */
export const SettingControl = ({ setting, state }) => {
  const { name, kind } = setting;
  const source = state.sourceOf(name);
  const bounds = kind === 'number' ? state.boundsOf(name) : null;
  return html`<${SettingRow} label=${t(`setting.${name}`)} text=${t(`setting.${name}.text`)} source=${source} forId=${`setting-${name}`}
    group=${kind === 'languages'} error=${state.errors[name]} hint=${bounds && source !== 'file' ? hintOf(bounds) : null}
    canRestore=${source === 'stored'} onRestore=${() => state.restore(setting)}>${control(setting, state)}<//>`;
};
SettingControl.props = ['setting', 'state'];

/** @param {{ min: number, max: number }} bounds */
const hintOf = ({ min, max }) => t(min === 0 ? 'settings.rangeNone' : 'settings.range', { min: fmtNumber(min), max: fmtNumber(max) });

/** @param {import('./fields.js').Setting} setting @param {any} state */
function control({ name, kind, unit }, state) {
  const { form, errors } = state;
  const attributes = {
    id: `setting-${name}`,
    name,
    disabled: state.sourceOf(name) === 'file' || null,
    'aria-invalid': errors[name] ? 'true' : null,
    'aria-describedby': errors[name] || kind === 'number' ? `setting-${name}-about` : null,
  };
  const take = (/** @type {any} */ value) => {
    form[name] = value;
    delete errors[name];
  };
  if (kind === 'switch') {
    return html`<label class="tick">
      <input type="checkbox" role="switch" class="switch" ...${attributes} checked=${form[name]}
        onChange=${(/** @type {any} */ event) => take(event.target.checked)} />
      ${t(form[name] ? 'settings.on' : 'settings.off')}</label>`;
  }
  if (kind === 'language') {
    const choices = LANGUAGES.filter((language) => form.languages?.includes(language) || language === form[name]);
    return html`<select class="input" ...${attributes} value=${form[name]} onChange=${(/** @type {any} */ event) => take(event.target.value)}>
      ${choices.map((language) => html`<option key=${language} value=${language}>${nameOfLanguage(language)}</option>`)}</select>`;
  }
  if (kind === 'days') {
    const choices = KEPT_FOR.includes(form[name]) ? KEPT_FOR : [...KEPT_FOR, form[name]];
    return html`<select class="input" ...${attributes} value=${form[name]} onChange=${(/** @type {any} */ event) => take(event.target.value)}>
      ${choices.map((days) => html`<option key=${days} value=${days}>
        ${days === '0' ? t('settings.keep0') : t('settings.keepDays', { n: fmtNumber(Number(days)) })}</option>`)}</select>`;
  }
  if (kind === 'languages') return LANGUAGES.map((language) => languageTick(language, attributes, form, take));
  const input = html`<input class=${['input', kind === 'number' && 'tnum']} type="text" inputmode=${kind === 'number' ? 'numeric' : null}
    autocomplete="off" maxlength=${kind === 'text' ? 300 : 12} ...${attributes} value=${form[name]}
    onInput=${(/** @type {any} */ event) => take(event.target.value)} />`;
  return unit ? html`<div class="with-unit">${input}<span>${t(`unit.${unit}`)}</span></div>` : input;
}

/** The usual language is always offered. @param {string} language @param {any} attributes @param {any} form @param {(list: string[]) => void} take */
function languageTick(language, attributes, form, take) {
  const isDefault = form.defaultLanguage === language;
  const change = (/** @type {any} */ event) => take(LANGUAGES
    .filter((one) => (one === language ? event.target.checked : form.languages.includes(one))));
  return html`<label class="tick" key=${language} lang=${language}>
    <input type="checkbox" class="check" name=${attributes.name} checked=${form.languages.includes(language)}
      disabled=${attributes.disabled || isDefault || null} onChange=${change} />${nameOfLanguage(language)}</label>`;
}
