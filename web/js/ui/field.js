// @ts-check
import { html, model } from '../core/html.js';
import { Combobox } from './combobox.js';
import { icon } from './icon.js';

/**
 * One labelled control. The error takes the hint's place and is read out with the control.
 *
 * @param {{ field: import('../core/entity-form.js').FieldDef & { autocomplete?: string, autofocus?: boolean }, form: Record<string, any>,
 *   errors: Record<string, string>, prefix: string, disabled?: boolean, labels?: Record<string, string> }} props
 *   `labels` says how the row of a `pick` field is called
 */
export const Field = ({ field, form, errors, prefix, disabled: all, labels = {} }) => {
  const disabled = all || field.locked;
  const id = `${prefix}-${field.name}`;
  const error = errors[field.name];
  const hint = typeof field.hint === 'function' ? field.hint(form) : field.hint;
  const about = error || hint ? `${id}-about` : null;
  const attributes = {
    id,
    name: field.name,
    disabled: disabled || null,
    autofocus: field.autofocus || null,
    'aria-invalid': error ? 'true' : null,
    'aria-required': field.required ? 'true' : null,
    'aria-describedby': about,
    onInput: () => delete errors[field.name],
  };
  if (field.type === 'checkbox') {
    const change = (/** @type {any} */ event) => (form[field.name] = event.target.checked);
    return html`<div class="field"><label class="tick" for=${id}>
      <input type="checkbox" class="check" ...${attributes} checked=${form[field.name]} onChange=${change} />${field.label}</label>
      ${below(id, error, hint)}</div>`;
  }
  if (field.type === 'pick') {
    const pick = (/** @type {any} */ choice) => {
      form[field.name] = choice ? String(choice.value) : '';
      labels[field.name] = choice?.label ?? '';
      delete errors[field.name];
    };
    return html`<div class=${['field', field.half && 'half']}><label for=${id}>${field.label}</label>
      <${Combobox} find=${field.find} shown=${labels[field.name] ?? ''} attributes=${attributes} disabled=${disabled} onPick=${pick} />
      ${below(id, error, hint)}</div>`;
  }
  return html`<div class=${['field', field.half && 'half']}><label for=${id}>${field.label}</label>
    ${control(field, { ...attributes, ...bind(form, errors, field.name) })}
    ${below(id, error, hint)}</div>`;
};
Field.props = ['field', 'form', 'errors', 'prefix', 'disabled', 'labels'];

/** @param {Record<string, any>} form @param {Record<string, string>} errors @param {string} name */
function bind(form, errors, name) {
  const { value, onInput } = model(form, name);
  return {
    value,
    onInput: (/** @type {Event} */ event) => {
      onInput(event);
      delete errors[name];
    },
  };
}

/** @param {any} field @param {Record<string, any>} attributes */
function control(field, attributes) {
  if (field.options) {
    return html`<select class="input" ...${attributes}>
      ${field.options.map((/** @type {any} */ option) => html`<option key=${option.value} value=${option.value}>${option.label}</option>`)}
    </select>`;
  }
  if (field.type === 'textarea') return html`<textarea class="input" rows="3" maxlength=${field.max} ...${attributes}></textarea>`;
  const type = ['year', 'number'].includes(field.type) ? 'text' : (field.type ?? 'text');
  return html`<input class="input" type=${type} maxlength=${field.max ?? null} inputmode=${field.inputmode ?? null}
    autocomplete=${field.autocomplete ?? 'off'} ...${attributes} />`;
}

/** @param {string} id @param {string | undefined} error @param {string | undefined} hint */
function below(id, error, hint) {
  if (error) return html`<span class="err" id=${`${id}-about`}>${icon('alert')}<span>${error}</span></span>`;
  return hint && html`<span class="hint" id=${`${id}-about`}>${hint}</span>`;
}

/** The keyboard goes to the first control that needs a change. @param {HTMLElement | null} form */
export function focusFirstError(form) {
  const control = /** @type {HTMLElement | null | undefined} */ (form?.querySelector('[aria-invalid="true"]'));
  control?.focus();
}
