import { dashboard } from '../../../core/dashboard.js';
import { fmtClock, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { TABLES } from './words.js';

/** Rows of each table. Of a server that is away only the last known ones are shown, with their age. */
export const RecordCounts = () => {
  const health = dashboard.databaseHealth;
  const known = dashboard.lastCounts;
  if (!known) return null;
  const old = !health?.connected;
  return html`<div class="body ruled">
    ${old && html`<p class="soft">${t('health.lastKnown', { time: fmtClock(known.at) })}</p>`}
    <dl class=${['facts', old && 'old']}>${TABLES.map((name) => html`<div key=${name}>
      <dt>${t(`table.${name}`)}</dt>
      <dd>${!old && health.tables?.[name] === false
        ? html`<span class="badge bad">${t('health.missing')}</span>`
        : fmtNumber(known.counts[name] ?? 0)}</dd>
    </div>`)}</dl>
  </div>`;
};
