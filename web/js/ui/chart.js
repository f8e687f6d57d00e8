// @ts-check
import { ref, useId } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';

/**
 * The frame of a chart: its title, the drawing, what it says in a sentence, and the same as a table.
 *
 * Props: `title`; `text`, the sentence; `head`, the headings of the table; `rows`, each an array of cells, the first its name.
 * Slots: `default` the drawing, `note` what stands beside the title.
 */
export const Chart = {
  props: {
    title: { type: String, required: true },
    text: { type: String, required: true },
    head: { type: Array, required: true },
    rows: { type: Array, required: true },
  },
  /** @param {any} props @param {any} context */
  setup(props, { slots }) {
    const asTable = ref(false);
    const id = useId();
    const toggle = () => (asTable.value = !asTable.value);

    const table = () => html`<div class="scroll chart-table" tabindex="0" role="region" aria-label=${t('chart.tableOf', { title: props.title })}>
      <table class="table">
        <thead><tr>${props.head.map((/** @type {string} */ cell, /** @type {number} */ i) => html`<th key=${i} scope="col"
          class=${{ num: i > 0 }}>${cell}</th>`)}</tr></thead>
        <tbody>${props.rows.map((/** @type {any[]} */ row, /** @type {number} */ n) => html`<tr key=${n}>
          ${row.map((cell, i) => (i ? html`<td key=${i} class="num">${cell}</td>` : html`<th key=${i} scope="row">${cell}</th>`))}</tr>`)}
        </tbody>
      </table></div>`;

    return () => html`<section class="panel chart" aria-labelledby=${`${id}-title`}>
      <header>
        <h2 id=${`${id}-title`}>${props.title}</h2>
        ${slots.note?.()}
        <button type="button" class="btn ghost chart-switch" aria-pressed=${String(asTable.value)}
          aria-label=${t('chart.switchOf', { title: props.title })} onClick=${toggle}>${t('chart.asTable')}</button>
      </header>
      ${asTable.value ? table() : html`<div class="body stack g3">
        <div role="img" aria-labelledby=${`${id}-text`}>${slots.default()}</div>
        <p class="chart-text" id=${`${id}-text`}>${props.text}</p>
      </div>`}
    </section>`;
  },
};

/** What the colours of a chart stand for. @param {{ series: { name: string, tone: string }[] }} props */
export const ChartKey = ({ series }) => html`<ul class="chart-key">${series.map(({ name, tone }) => html`<li key=${name}>
  <i class=${['chart-dot', tone]}></i>${name}</li>`)}</ul>`;
ChartKey.props = ['series'];
