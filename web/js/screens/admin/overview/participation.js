import { fmtDate, fmtDay, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { BarChart } from '../../../ui/chart-bars.js';
import { Chart } from '../../../ui/chart.js';

const SERIES = [{ name: 'registrations', tone: 'c1' }, { name: 'results', tone: 'c2' }];

/**
 * How many entries and results came in on each of the last days.
 *
 * @param {{ trend: { date: string, registrations: number, results: number }[] }} props
 */
export const Participation = ({ trend }) => {
  const sum = (name) => trend.reduce((all, day) => all + day[name], 0);
  const busiest = trend.reduce((best, day) => (total(day) > total(best) ? day : best), trend[0]);
  const entries = sum('registrations');
  const results = sum('results');
  const text = entries + results
    ? [
        t('participation.text', {
          days: trend.length,
          entries: t('participation.entries', { n: entries }),
          results: t('participation.results', { n: results }),
        }),
        t('participation.busiest', { day: fmtDate(busiest.date) }),
      ].join(' ')
    : t('participation.none', { days: trend.length });
  const groups = trend.map((day) => ({ label: fmtDay(day.date), title: fmtDate(day.date), values: SERIES.map(({ name }) => day[name]) }));
  const series = SERIES.map(({ name, tone }) => ({ name: t(`overview.${name}`), tone }));
  return html`<${Chart} title=${t('participation.title')} text=${text}
    head=${[t('participation.day'), ...series.map(({ name }) => name)]}
    rows=${trend.map((day) => [fmtDate(day.date), ...SERIES.map(({ name }) => fmtNumber(day[name]))]).reverse()}>
    <${BarChart} groups=${groups} series=${series} /><//>`;
};
Participation.props = ['trend'];

const total = (day) => day.registrations + day.results;
