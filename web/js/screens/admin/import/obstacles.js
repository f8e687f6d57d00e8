import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/** Where a row can be looked at. */
const PLACES = { athlete: '/admin/athletes', race: '/admin/races' };

/**
 * Why an import was not taken back: the rows that have changed since, and the way to take back all the others.
 * Emits `rest` and `leave`.
 */
export const Obstacles = {
  props: { error: Object, busy: Boolean },
  emits: ['rest', 'leave'],
  setup(props, { emit }) {
    return () => {
      const rows = props.error.body?.changed ?? [];
      if (!rows.length) return html`<${Notice} tone="bad" alert title=${t('history.notUndone')} text=${props.error.message} />`;
      return html`<div class="obstacles stack g3" role="alert">
        <div><b>${t('undo.overtaken', { n: rows.length })}</b><p class="soft small">${t('undo.overtakenText')}</p></div>
        <ul class="scroll" tabindex="0" aria-label=${t('undo.rows')}>
          ${rows.map((row, i) => html`<li key=${i}>${nameOf(row)} <span class="soft">${row.reason}</span></li>`)}</ul>
        <div class="cluster">
          <button type="button" class="btn" disabled=${props.busy} onClick=${() => emit('leave')}>${t('undo.leave')}</button>
          <button type="button" class="btn danger" disabled=${props.busy} onClick=${() => emit('rest')}>${t('undo.rest')}</button>
        </div>
      </div>`;
    };
  },
};

function nameOf({ entity, id }) {
  const words = t('undo.row', { entity: hasText(`entity.${entity}`) ? t(`entity.${entity}`) : entity, id: String(id) });
  return PLACES[entity] ? html`<a class="link" href=${`${PLACES[entity]}?id=${id}`}>${words}</a>` : html`<b>${words}</b>`;
}
