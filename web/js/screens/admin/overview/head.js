import { fmtHour, fmtToday } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

/**
 * The day, and what is on, in a sentence or two.
 *
 * @param {{ stats: any, underWay: any }} props the numbers of the server and its meets under way, null before they came
 */
export const OverviewHead = ({ stats, underWay }) => {
  const today = fmtToday(new Date());
  return html`<div class="page-head">
    <div>
      <h1>${today[0].toLocaleUpperCase(locale())}${today.slice(1)}</h1>
      <p>${stats && underWay ? sentences(stats, underWay).join(' ') : '\u00A0'}</p>
    </div>
    <div class="cluster no-print">
      <button type="button" class="btn desk" onClick=${() => print()}>${icon('print')}${t('overview.print')}</button>
    </div>
  </div>`;
};
OverviewHead.props = ['stats', 'underWay'];

function sentences(stats, underWay) {
  if (!stats.counts.races && !stats.counts.athletes) return [t('overview.nothingYet')];
  const names = new Intl.ListFormat(locale()).format(underWay.races.map(({ name }) => name));
  const meets = underWay.total > underWay.races.length
    ? t('overview.manyOn', { n: underWay.total })
    : t(underWay.total ? 'overview.on' : 'overview.noneOn', { n: underWay.total, names });
  const next = nextOf(stats.timeline ?? []);
  return next ? [meets, t('overview.nextEvent', { event: next.name, time: fmtHour(next.startTime) })] : [meets];
}

/** Only of today: a time alone would mislead on another day. */
function nextOf(timeline) {
  const now = new Date();
  return timeline.find(({ startTime }) => new Date(startTime) > now && new Date(startTime).toDateString() === now.toDateString());
}
