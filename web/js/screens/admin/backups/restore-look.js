import { fmtDate, fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, locale, t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { CountsTable } from './counts-table.js';

/** More meets are not read before somebody decides. */
const RACES = 4;

/**
 * What is there now beside what a backup holds, and what has been done since.
 *
 * @param {{ found: { inside: any, now: any, changes_since: any } }} props
 */
export const RestoreLook = ({ found: { inside, now, changes_since: since } }) => {
  if (!inside) return html`<${Notice} tone="bad" alert title=${t('restore.unreadable')} />`;
  return html`<section class="stack g3" aria-label=${t('restore.look')}>
    ${since && lost(since)}
    <${CountsTable} left=${{ title: t('restore.now'), counts: now.record_counts }} right=${{ title: t('restore.inside'), counts: inside.record_counts }} />
    ${inside.races.length > 0 && html`<p class="small soft">${t('restore.meets')} ${meets(inside.races)}</p>`}
  </section>`;
};
RestoreLook.props = ['found'];

function meets(races) {
  const names = races.slice(0, RACES).map((race) => `${race.name} (${fmtDate(race.date)})`);
  const rest = races.length - names.length;
  return new Intl.ListFormat(locale()).format(rest > 0 ? [...names, t('restore.moreMeets', { n: rest })] : names);
}

/** What stands in the log and leaves the data as it is. */
const HARMLESS = ['login', 'login_failed', 'logout', 'backup', 'export', 'permission_denied'];

/** What would be lost, in a sentence and by kind. */
function lost({ related, by_action: actions, first_at: first, last_at: last }) {
  if (!related) return html`<${Notice} tone="warn" title=${t('restore.unrelated')} text=${t('restore.unrelatedText')} />`;
  const kinds = Object.entries(actions).filter(([action]) => !HARMLESS.includes(action)).sort(([, a], [, b]) => b - a);
  if (!kinds.length) return html`<${Notice} title=${t('restore.nothingSince')} />`;
  const rows = kinds.reduce((sum, [, n]) => sum + n, 0);
  return html`<div class="stack g2">
    <p><b>${t('restore.since', { n: rows })}</b> ${t('restore.sinceTimes', { first: fmtMoment(first), last: fmtMoment(last) })}</p>
    <ul class="cluster">${kinds.map(([action, n]) => html`<li key=${action} class="badge">
      ${hasText(`audit.action.${action}`) ? t(`audit.action.${action}`) : action} <span class="tnum">${n}</span></li>`)}</ul>
  </div>`;
}
