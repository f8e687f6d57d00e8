import { fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { countOf } from './counts.js';

export const COUNTS = ['imported', 'updated', 'unchanged', 'skipped', 'failed'];

/** What becomes of the rows: as a bar in proportion, and in numbers. */
export const Consequences = ({ report }) => {
  const counts = COUNTS.map((name) => ({ name, n: countOf(report, name) }));
  return html`<div class="consequences">
    <${Share} report=${report} />
    <dl class="tally">${counts.map(({ name, n }) => html`<div key=${name} class=${[name, !n && 'none']}>
      <dt>${t(`report.${name}`)}</dt><dd>${fmtNumber(n)}</dd></div>`)}</dl>
  </div>`;
};
Consequences.props = ['report'];

/** The bar by itself; the numbers stand beside it. */
export const Share = ({ report }) => html`<div class="share" aria-hidden="true">${COUNTS.map((name) => {
  const n = countOf(report, name);
  return n > 0 && html`<span key=${name} class=${name} style=${{ flexGrow: n }}></span>`;
})}</div>`;
Share.props = ['report'];

/** What an import would do, as sentences. With `atomic` one bad row keeps all of them out. */
export function inWords(report, mode) {
  const failed = countOf(report, 'failed');
  if (mode === 'atomic' && failed) return t('check.words.atomic', { n: failed });
  const sentences = COUNTS.map((name) => ({ name, n: countOf(report, name) }))
    .filter(({ n }) => n > 0).map(({ name, n }) => t(`check.words.${name}`, { n }));
  return sentences.join(' ');
}
