import { fmtHour, fmtToday } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { meets } from '../../../core/meet.js';
import { icon } from '../../../ui/icon.js';

const NAMED = 3;

/**
 * The day, and what is on, in a sentence or two.
 *
 * @param {{ stats: any }} props the numbers of the server, null before they came
 */
export const OverviewHead = ({ stats }) => {
  const today = fmtToday(new Date());
  return html`<div class="page-head">
    <div>
      <h1>${today[0].toLocaleUpperCase(locale())}${today.slice(1)}</h1>
      <p>${stats && meets.rows ? sentences(stats).join(' ') : '\u00A0'}</p>
    </div>
    <div class="cluster no-print">
      <button type="button" class="btn desk" onClick=${() => print()}>${icon('print')}${t('overview.print')}</button>
    </div>
  </div>`;
};
OverviewHead.props = ['stats'];

function sentences(stats) {
  if (!stats.counts.races && !stats.counts.athletes) return [t('overview.nothingYet')];
  const n = stats.distribution.races_by_status.ongoing ?? 0;
  const named = meets.rows.filter(({ status }) => status === 'ongoing').slice(0, NAMED).map(({ name }) => name);
  const names = new Intl.ListFormat(locale()).format(named);
  const underWay = n > named.length ? t('overview.manyOn', { n }) : t(n ? 'overview.on' : 'overview.noneOn', { n, names });
  const next = nextOf(stats.timeline ?? []);
  return next ? [underWay, t('overview.nextEvent', { event: next.name, time: fmtHour(next.startTime) })] : [underWay];
}

/** Only of today: a time alone would mislead on another day. */
function nextOf(timeline) {
  const now = new Date();
  return timeline.find(({ startTime }) => new Date(startTime) > now && new Date(startTime).toDateString() === now.toDateString());
}
