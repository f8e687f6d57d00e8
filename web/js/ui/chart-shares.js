// @ts-check
import { fmtNumber, fmtPercent } from '../core/format.js';
import { html } from '../core/html.js';

/**
 * Lying bars, one a line, with their numbers: how often each of some names occurs.
 *
 * @param {{ parts: { name: string, n: number, tone?: string }[] }} props
 */
export const ShareBars = ({ parts }) => {
  const largest = Math.max(1, ...parts.map(({ n }) => n));
  return html`<ul class="share-bars">${parts.map(({ name, n, tone = 'c1' }) => html`<li key=${name}>
    <span class="share-name">${name}</span>
    <svg><rect class="chart-ground" width="100%" height="100%" rx="3" />
      <rect class=${['chart-fill', tone]} width=${`${(n / largest) * 100}%`} height="100%" rx="3" /></svg>
    <span class="num">${fmtNumber(n)}</span></li>`)}</ul>`;
};
ShareBars.props = ['parts'];

/**
 * One bar cut into its parts, with a key that holds the numbers.
 *
 * @param {{ parts: { name: string, n: number, tone: string }[], format?: (n: number) => string }} props
 */
export const StackedBar = ({ parts, format = fmtNumber }) => {
  const total = parts.reduce((sum, { n }) => sum + n, 0) || 1;
  let start = 0;
  return html`<div class="stacked">
    <svg>${parts.map(({ name, n, tone }) => {
      const x = start;
      start += (n / total) * 100;
      return html`<rect key=${name} class=${['chart-fill', tone]} x=${`${x}%`} width=${`${(n / total) * 100}%`} height="100%">
        <title>${`${name}: ${format(n)}`}</title></rect>`;
    })}</svg>
    <ul class="stacked-key">${parts.map(({ name, n, tone }) => html`<li key=${name}><i class=${['chart-dot', tone]}></i>
      <span class="grow">${name}</span><b class="tnum">${format(n)}</b><span class="num muted">${fmtPercent(n / total)}</span></li>`)}</ul>
  </div>`;
};
StackedBar.props = ['parts', 'format'];
