// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/**
 * Stands above a table while rows are selected: how many, what can be done with them (default slot), and the way to all that match.
 *
 * @param {{ selection: import('../core/selection.js').Selection, total: number | null }} props
 * @param {{ slots: Record<string, any> }} context
 */
export const SelectionBar = ({ selection, total }, { slots }) => {
  const count = selection.ids.value.size;
  const more = total !== null && count < total && selection.cutAt.value === null;
  return html`<div class="selection-bar" role="region" aria-label=${t('list.selection')}>
    <b role="status">${selection.cutAt.value === null ? t('list.selected', { n: count })
      : t('list.selectedCut', { count, total: total ?? count })}</b>
    ${more && html`<button type="button" class="btn ghost" disabled=${selection.busy.value}
      onClick=${selection.all}>${t('list.selectAll', { n: total })}</button>`}
    ${selection.error.value && html`<span class="err" role="alert">${t('list.notSelected', { why: selection.error.value.message })}</span>`}
    <span class="grow"></span>
    ${slots.default?.()}
    <button type="button" class="btn ghost icon-only" aria-label=${t('list.clearSelection')} onClick=${selection.clear}>${icon('close')}</button>
  </div>`;
};
SelectionBar.props = ['selection', 'total'];
