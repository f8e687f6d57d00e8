// @ts-check
import { ref, useId } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Combobox } from './combobox.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';

/**
 * @typedef {{ name: string, label: string, options?: { value: string, label: string }[], quick?: boolean,
 *   find?: (letters: string, signal: AbortSignal) => Promise<any[]>, hint?: string }} FilterDef
 *   `name` is the server's parameter; with `options` one of them is chosen, with `quick` each has a chip of its own; with `find` a row
 *   is looked for; without either a word is typed
 */

/**
 * One filter of a list as a chip: it says what is chosen, opens what can be chosen, and the cross takes it away.
 *
 * Props: `filter`, `value` of the address, `shown` how that value is called. Emits `choose` with a value, empty for none.
 */
export const FilterChip = {
  props: { filter: { type: Object, required: true }, value: String, shown: String },
  emits: ['choose'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const typed = ref('');
    const inputId = useId();
    const choose = (/** @type {string} */ value, /** @type {() => void} */ close) => {
      close();
      emit('choose', value);
    };

    const options = (/** @type {() => void} */ close) => props.filter.options.map((/** @type {any} */ option) => html`<button type="button"
      key=${option.value} aria-pressed=${String(option.value === props.value)}
      onClick=${() => choose(option.value === props.value ? '' : option.value, close)}>${option.label}</button>`);

    const word = (/** @type {() => void} */ close) => html`<form class="chip-form" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      choose(typed.value.trim(), close);
    }}>
      <label for=${inputId}>${props.filter.label}</label>
      <input class="input" id=${inputId} value=${typed.value} autocomplete="off"
        onInput=${(/** @type {any} */ event) => (typed.value = event.target.value)} />
      ${props.filter.hint && html`<span class="hint">${props.filter.hint}</span>`}
      <button type="submit" class="btn primary">${t('list.filter')}</button>
    </form>`;

    const row = (/** @type {() => void} */ close) => html`<div class="chip-form">
      <label for=${inputId}>${props.filter.label}</label>
      <${Combobox} find=${props.filter.find} shown=${props.shown} attributes=${{ id: inputId }}
        onPick=${(/** @type {any} */ choice) => choose(choice ? String(choice.value) : '', close)} />
    </div>`;

    const panel = (/** @type {{ close: () => void }} */ { close }) => {
      if (props.filter.options) return options(close);
      return props.filter.find ? row(close) : word(close);
    };
    /** The panel starts with what is chosen; a press inside it changes nothing. @param {any} event */
    const opened = (event) => {
      if (event.target.closest('.filter-chip')) typed.value = props.value ?? '';
    };

    return () => {
      const { label } = props.filter;
      const words = props.value ? t('list.chip', { label, value: props.shown ?? props.value }) : label;
      return html`<span class=${['chip-menu', props.value && 'on']} onClick=${opened}>
        <${Menu} label=${words} buttonClass="filter-chip">${{
          button: () => html`<span class="chip-text">${words}</span>${!props.value && icon('chevron')}`,
          default: panel,
        }}<//>
        ${props.value && html`<button type="button" class="chip-clear" aria-label=${t('list.clearFilter', { label })}
          onClick=${(/** @type {Event} */ event) => {
            event.stopPropagation();
            emit('choose', '');
          }}>${icon('close')}</button>`}
      </span>`;
    };
  },
};

/** The options of a quick filter side by side; a second press takes the choice back. */
export const QuickChips = {
  props: { filter: { type: Object, required: true }, value: String },
  emits: ['choose'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    return () => html`<span class="chip-group" role="group" aria-label=${props.filter.label}>
      ${props.filter.options.map((/** @type {any} */ option) => html`<button type="button" class="filter-chip" key=${option.value}
        aria-pressed=${String(option.value === props.value)}
        onClick=${() => emit('choose', option.value === props.value ? '' : option.value)}>${option.label}</button>`)}
    </span>`;
  },
};
