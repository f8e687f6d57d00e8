// @ts-check
import { reactive, useId } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/**
 * Two people changed the same row: both values of each field side by side, so that nobody overwrites what they have not seen.
 * Emits `settle` with what stays, by the name of a field.
 */
export const Conflict = {
  props: { differences: { type: Array, required: true } },
  emits: ['settle'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const prefix = useId();
    const choice = reactive(/** @type {Record<string, 'mine' | 'theirs'>} */ ({}));
    for (const { field, touched } of props.differences) choice[field.name] = touched ? 'mine' : 'theirs';

    const all = (/** @type {'mine' | 'theirs'} */ side) => {
      for (const name of Object.keys(choice)) choice[name] = side;
      emit('settle', { ...choice });
    };

    /** @param {any} difference @param {'mine' | 'theirs'} side @param {any} value */
    const cell = ({ field }, side, value) => html`<td class=${choice[field.name] === side && 'chosen'}>
      <label class="tick"><input type="radio" class="radio" name=${`${prefix}-${field.name}`} checked=${choice[field.name] === side}
        onChange=${() => (choice[field.name] = side)} /><span>${shown(field, value)}</span></label></td>`;

    return () => html`<section class="conflict" role="alert">
      <div class="notice warn">${icon('alert')}<div><b>${t('form.conflict')}</b><p>${t('form.conflictText')}</p></div></div>
      ${props.differences.length > 0 && html`<table class="table">
        <thead><tr><th scope="col">${t('form.field')}</th><th scope="col">${t('form.theirs')}</th>
          <th scope="col">${t('form.mine')}</th></tr></thead>
        <tbody>${props.differences.map((/** @type {any} */ d) => html`<tr key=${d.field.name}>
          <th scope="row">${d.field.label}</th>${cell(d, 'theirs', d.theirsShown)}${cell(d, 'mine', d.mineShown)}</tr>`)}</tbody>
      </table>`}
      <div class="cluster">
        <button type="button" class="btn primary" onClick=${() => emit('settle', { ...choice })}>${t('form.useChosen')}</button>
        ${props.differences.length > 0 && html`
          <button type="button" class="btn" onClick=${() => all('mine')}>${t('form.keepMine')}</button>
          <button type="button" class="btn" onClick=${() => all('theirs')}>${t('form.takeTheirs')}</button>`}
      </div>
    </section>`;
  },
};

/** @param {any} field @param {any} value */
function shown(field, value) {
  if (value === '') return t('form.empty');
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  return field.options?.find((/** @type {any} */ option) => option.value === value)?.label ?? String(value);
}
