import { fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { countOf } from './counts.js';

export const COUNTS = ['imported', 'updated', 'unchanged', 'skipped', 'failed'];

/** What becomes of the rows: as a bar in proportion, and in numbers. */
export const Consequences = ({ report }) => {
  const counts = COUNTS.map((name) => ({ name, n: countOf(report, name) }));
  return html`<div class="consequences">
    <div class="share" aria-hidden="true">${counts.map(({ name, n }) => n > 0
      && html`<span key=${name} class=${name} style=${{ flexGrow: n }}></span>`)}</div>
    <dl class="tally">${counts.map(({ name, n }) => html`<div key=${name} class=${[name, !n && 'none']}>
      <dt>${t(`report.${name}`)}</dt><dd>${fmtNumber(n)}</dd></div>`)}</dl>
  </div>`;
};
Consequences.props = ['report'];
