import { fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { meet } from '../../../core/meet.js';
import { may } from '../../../core/session.js';
import { Meter } from '../../../ui/meter.js';
import { Spark } from '../../../ui/spark.js';

const link = (to, words, mayGo = true) => (mayGo ? html`<a class="link" href=${to}>${words}</a>` : words);

/**
 * Four numbers in one strip, each with what else is to be known of it.
 *
 * @param {{ stats: any }} props null before the server has said them
 */
export const Counts = ({ stats }) => {
  const tiles = stats ? tilesOf(stats) : ['athletes', 'events', 'registrations', 'results'].map((name) => ({ name }));
  return html`<dl class="stats" aria-busy=${String(!stats)}>${tiles.map(({ name, n, note, beside }) => html`<div class="stat" key=${name}>
    <dt>${t(`overview.${name}`)}</dt>
    <dd>${stats ? fmtNumber(n) : html`<span class="skeleton number"></span>`}</dd>
    <dd class="note">${beside}${note}</dd></div>`)}</dl>`;
};
Counts.props = ['stats'];

function tilesOf({ counts, pending, distribution, trend }) {
  const confirmed = distribution.registrations_by_status.confirmed ?? 0;
  const waiting = pending.unconfirmed_registrations;
  const today = trend.at(-1)?.results ?? 0;
  // The numbers are those of the chosen race, and so are the lists.
  const place = (path) => (meet.id === null ? `${path}${path.includes('?') ? '&' : '?'}race=all` : path);
  return [
    { name: 'athletes', n: counts.athletes, note: link('/admin/athletes', t('overview.allAthletes')) },
    { name: 'events', n: counts.events, note: link(place('/admin/events'), t('overview.inRaces', { n: counts.races })) },
    {
      name: 'registrations',
      n: counts.registrations,
      beside: counts.registrations > 0 && html`<${Meter} share=${confirmed / counts.registrations} />`,
      note: waiting > 0
        ? link(place('/admin/registrations?status=registered'), t('overview.unconfirmed', { n: waiting }), may('registrations.read'))
        : t(counts.registrations ? 'overview.allConfirmed' : 'overview.noEntries'),
    },
    {
      name: 'results',
      n: counts.results,
      beside: counts.results > 0 && html`<${Spark} values=${trend.map(({ results }) => results)} />`,
      note: link(place('/admin/results'), t('overview.resultsToday', { n: today })),
    },
  ];
}
