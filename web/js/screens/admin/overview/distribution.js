import { fmtNumber, fmtPercent } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Chart } from '../../../ui/chart.js';
import { ShareBars, StackedBar } from '../../../ui/chart-shares.js';

const TONES = ['c1', 'c2', 'c3', 'c4', 'c5'];
const COUNTRIES_SHOWN = 8;
const STATES = ['confirmed', 'registered', 'cancelled', 'dns'];

/** How the names of the server are written out, and in which order they stand. */
const CHARTS = [
  { name: 'gender', group: 'athletes_by_gender', of: 'athletes', order: ['F', 'M', 'X', 'unknown'], drawn: StackedBar },
  { name: 'country', group: 'athletes_by_country', of: 'athletes', drawn: ShareBars },
  { name: 'category', group: 'events_by_category', of: 'events', order: ['Track', 'Field', 'Road', 'Combined'], drawn: ShareBars },
  { name: 'status', group: 'registrations_by_status', of: 'registrations', order: STATES, drawn: StackedBar },
];

/**
 * How athletes, events and entries are made up.
 *
 * @param {{ stats: { counts: Record<string, number>, distribution: Record<string, Record<string, number>> } }} props
 */
export const Distribution = ({ stats }) => {
  const shown = CHARTS.filter(({ of }) => stats.counts[of] > 0);
  return shown.length > 0 && html`<div class="pair distribution">${shown.map((chart) => draw(chart, stats))}</div>`;
};
Distribution.props = ['stats'];

function draw(chart, { counts, distribution }) {
  const total = counts[chart.of];
  const parts = partsOf(chart, distribution[chart.group], total);
  const [first, second] = [...parts].sort((a, b) => b.n - a.n);
  const values = { name: first.name, n: first.n, share: fmtPercent(first.n / total), total: fmtNumber(total) };
  const text = second
    ? t(`distribution.${chart.name}.text`, { ...values, second: second.name, secondN: fmtNumber(second.n) })
    : t(`distribution.${chart.name}.only`, values);
  return html`<${Chart} key=${chart.name} title=${t(`distribution.${chart.name}`)} text=${text}
    head=${[t(`distribution.${chart.name}.head`), t('distribution.number'), t('distribution.share')]}
    rows=${parts.map(({ name, n }) => [name, fmtNumber(n), fmtPercent(n / total)])}>
    <${chart.drawn} parts=${parts} /><//>`;
}

/** The largest first, unless there is an order that people expect; many small ones become one. */
function partsOf({ order, drawn }, group, total) {
  const rank = (key) => (order.includes(key) ? order.indexOf(key) : order.length);
  const entries = Object.entries(group).sort((a, b) => (order ? rank(a[0]) - rank(b[0]) : b[1] - a[1] || a[0].localeCompare(b[0])));
  const shown = entries.slice(0, order ? entries.length : COUNTRIES_SHOWN);
  const rest = total - shown.reduce((sum, [, n]) => sum + n, 0);
  const parts = shown.map(([key, n]) => ({ name: nameOf(key), n, tone: drawn === StackedBar ? (TONES[rank(key)] ?? 'c-none') : TONES[0] }));
  return rest > 0 ? [...parts, { name: t('distribution.others'), n: rest, tone: 'c-none' }] : parts;
}

const nameOf = (key) => (hasText(`distribution.name.${key}`) ? t(`distribution.name.${key}`) : key);
