import { fmtDay, fmtHour, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { may } from '../../../core/session.js';
import { Notice } from '../../../ui/notice.js';

const SHOWN = 8;
const BEGUN = 4;

/**
 * Events of today and those that come next, by their time.
 *
 * @param {{ timeline?: any[], loaded: boolean }} props
 */
export const NowAndNext = ({ timeline, loaded }) => html`<section class="panel" aria-labelledby="now-title">
  <header><h2 id="now-title">${t('now.title')}</h2><a class="link" href="/admin/events?sort=startTime&race=all">${t('now.all')}</a></header>
  ${!loaded ? html`<div class="body"><div class="skeleton tall"></div></div>` : body(timeline)}
</section>`;
NowAndNext.props = ['timeline', 'loaded'];

function body(timeline) {
  if (!timeline) return html`<div class="body"><${Notice} tone="warn" title=${t('overview.notSaid')} text=${t('overview.notSaidText')} /></div>`;
  if (!timeline.length) {
    return html`<div class="body soft"><p>${t('now.none')}</p>
      ${may('races.write') && html`<p class="small">${t('now.noneHint')}</p>`}</div>`;
  }
  return html`<div class="scroll"><table class="table now-next">
    <thead><tr>
      <th scope="col">${t('now.time')}</th>
      <th scope="col">${t('now.event')}</th>
      <th scope="col" class="opt">${t('now.race')}</th>
      <th scope="col" class="num opt">${t('now.entries')}</th>
      <th scope="col">${t('now.state')}</th>
      <th scope="col" class="opt"><span class="sr">${t('now.open')}</span></th>
    </tr></thead>
    <tbody>${around(timeline).map(line)}</tbody>
  </table></div>`;
}

/** A few that have begun, then those to come: what somebody looks for now. */
function around(timeline) {
  const ahead = timeline.findIndex(({ startTime }) => new Date(startTime) > new Date());
  const now = ahead < 0 ? timeline.length : ahead;
  const first = Math.max(0, Math.min(now - BEGUN, timeline.length - SHOWN));
  return timeline.slice(first, first + SHOWN);
}

/** The hundred metres of women and of men are two events. */
const titleOf = ({ name, gender, ageGroup }) => [name, gender && t(`eventGender.${gender}`), ageGroup].filter(Boolean).join(', ');

const line = (event) => html`<tr key=${event.id}>
  <td class="tnum">${fmtHour(event.startTime)}
    ${!isToday(event.startTime) && html`<small class="muted">${fmtDay(dayOf(event.startTime))}</small>`}</td>
  <td class="name"><a class="row-link" href=${`/admin/events?id=${event.id}`}>${titleOf(event)}</a>
    <small class="muted narrow">${event.raceName}</small></td>
  <td class="soft opt race" title=${event.raceName}>${event.raceName}</td>
  <td class="num opt">${fmtNumber(event.registrations)}</td>
  <td><span class=${['badge', stateOf(event)]}>${stateText(event)}</span></td>
  <td class="num opt">${event.results > 0
    ? html`<a class="link" href=${`/admin/results?eventId=${event.id}&race=all`}>${t('now.toResults')}</a>`
    : may('registrations.read') && html`<a class="link" href=${`/admin/registrations?eventId=${event.id}&race=all`}>${t('now.toEntries')}</a>`}</td>
</tr>`;

/** What can be said from the clock and the results; nothing is claimed of events without results. */
function stateOf({ results, startTime }) {
  if (results > 0) return 'ok';
  return new Date(startTime) < new Date() ? 'warn' : '';
}

function stateText(event) {
  if (event.results > 0) return t('now.results', { n: event.results });
  return t(stateOf(event) ? 'now.noResults' : 'now.ahead');
}

const isToday = (moment) => new Date(moment).toDateString() === new Date().toDateString();

/** The day here, where the clock is read. */
function dayOf(moment) {
  const date = new Date(moment);
  const two = (n) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
