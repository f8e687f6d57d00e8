import { fmtBytes, fmtHour, fmtMillis, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Chart } from '../../../ui/chart.js';
import { LineChart } from '../../../ui/chart-lines.js';
import { Notice } from '../../../ui/notice.js';
import { curveOf } from './curve.js';

const bytes = (value) => (value > 0 ? fmtBytes(value) : '0');
const millis = (value) => (value > 0 ? fmtMillis(value) : '0');

const CHARTS = [
  { name: 'latency', series: [{ key: 'p50_ms', tone: 'c1' }, { key: 'p95_ms', tone: 'c2' }], format: millis },
  { name: 'requests', series: [{ key: 'requests', tone: 'c1' }, { key: 'errors', tone: 'c2' }], format: fmtNumber },
  { name: 'commits', series: [{ key: 'commit_ms', tone: 'c3' }], format: millis },
  { name: 'memory', series: [{ key: 'memory_bytes', tone: 'c1' }, { key: 'wal_bytes', tone: 'c3' }], format: bytes },
];

/**
 * What the server has measured of itself in the last hour.
 *
 * @param {{ part: any }} props the answer of `/api/admin/metrics/history` as `usePart` gives it
 */
export const MeasuredCharts = ({ part }) => {
  const answer = part.value.value;
  if (part.error.value && !answer) {
    return html`<${Notice} tone="warn" title=${t('measured.failed')} text=${part.error.value.message}>
      <button type="button" class="btn" onClick=${part.load}>${t('common.retry')}</button><//>`;
  }
  if (!answer) return html`<div class="skeleton tall"></div>`;
  const points = curveOf(answer.points);
  if (points.length < 2) return html`<${Notice} title=${t('measured.soon')} text=${t('measured.soonText')} />`;
  return html`<div class="pair">${CHARTS.map((chart) => draw(chart, points))}</div>`;
};
MeasuredCharts.props = ['part'];

function draw({ name, series, format }, points) {
  const lines = series.map(({ key, tone }) => ({ name: t(`measured.${key}`), tone, key, values: points.map((point) => point[key] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null));
  if (!lines.length) return null;
  const ticks = [points[0], points[Math.floor((points.length - 1) / 2)], points.at(-1)].map(({ at }) => fmtHour(at));
  const cell = (value) => (typeof value === 'number' ? format(value) : '\u2013');
  return html`<${Chart} key=${name} title=${t(`measured.${name}`)} text=${sentence(name, points, format)}
    head=${[t('measured.time'), ...lines.map((line) => line.name)]}
    rows=${points.map((point) => [fmtHour(point.at), ...lines.map(({ key }) => cell(point[key]))]).reverse()}>
    <${LineChart} series=${lines} format=${format} ticks=${[...new Set(ticks)]} /><//>`;
}

const knownOf = (points, key) => points.filter((point) => typeof point[key] === 'number');
const sumOf = (points, key) => knownOf(points, key).reduce((sum, point) => sum + point[key], 0);
const largestOf = (points, key) => knownOf(points, key).reduce((best, point) => (best && best[key] >= point[key] ? best : point), null);

/** The chart in words: how things are now and what the worst was. */
function sentence(name, points, format) {
  const last = (key) => knownOf(points, key).at(-1)?.[key] ?? 0;
  const worst = (key) => {
    const point = largestOf(points, key);
    return point ? { worst: format(point[key]), time: fmtHour(point.at) } : { worst: format(0), time: fmtHour(points.at(-1).at) };
  };
  const values = {
    latency: () => ({ p50: format(last('p50_ms')), p95: format(last('p95_ms')), ...worst('p95_ms') }),
    requests: () => ({ requests: fmtNumber(sumOf(points, 'requests')), errors: fmtNumber(sumOf(points, 'errors')) }),
    commits: () => ({ now: format(last('commit_ms')), commits: fmtNumber(sumOf(points, 'commits')), ...worst('commit_ms') }),
    memory: () => ({ now: format(last('memory_bytes')), wal: format(last('wal_bytes')), ...worst('memory_bytes') }),
  };
  return t(`measured.${name}Text`, values[name]());
}
