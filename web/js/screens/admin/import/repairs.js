import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { set, unmend } from './mending.js';
import { shown } from './problem-value.js';

const SHOWN = 30;

/** What was mended so far; each may be taken off again. The file itself is not touched. */
export const Repairs = () => {
  const { repairs } = dashboard.importReading;
  if (!repairs.length) return null;
  return html`<section class="stack g3" aria-labelledby="check-repairs">
    <div class="spread"><h3 id="check-repairs">${t('check.repairs', { n: repairs.length })}</h3>
      <button type="button" class="btn ghost" onClick=${() => set({ repairs: [] })}>${t('check.unmendAll')}</button></div>
    <ul class="chips">${repairs.slice(0, SHOWN).map((repair) => html`<li key=${`${repair.column} ${repair.row} ${repair.from}`} class="chip">
      <b>${repair.column}</b>
      ${repair.row ? html`<span>${t('check.row', { row: String(repair.row) })}</span>` : shown(repair.from)}
      <span aria-hidden="true">→</span><span class="sr">${t('check.becomes')}</span>${shown(repair.to)}
      <button type="button" aria-label=${t('check.unmend', { column: repair.column, to: repair.to || t('check.blank') })}
        onClick=${() => unmend([repair])}>${icon('close')}</button>
    </li>`)}</ul>
    ${repairs.length > SHOWN && html`<p class="small soft">${t('check.moreRepairs', { n: repairs.length - SHOWN })}</p>`}
  </section>`;
};
