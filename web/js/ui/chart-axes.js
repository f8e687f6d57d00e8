// @ts-check
import { html } from '../core/html.js';

const LINES = [0, 0.5, 1];

/**
 * The space in which a chart over time is drawn: three lines with their values at the left, some moments below.
 *
 * Props: `max`, the value of the upper line; `format` of the values; `ticks`, the words below, from the first to the last.
 * Default slot: what is drawn, in an `svg` of its own size.
 */
export const ChartAxes = {
  props: { max: { type: Number, required: true }, format: { type: Function, required: true }, ticks: { type: Array, required: true } },
  /** @param {any} props @param {any} context */
  setup(props, { slots }) {
    return () => html`<div class="chart-axes">
      <div class="chart-scale">${LINES.map((share) => html`<span key=${share}>${props.format(props.max * (1 - share))}</span>`)}</div>
      <svg class="chart-plot">
        ${LINES.map((share) => html`<line key=${share} class="chart-line" x1="0" x2="100%" y1=${`${share * 100}%`} y2=${`${share * 100}%`} />`)}
        ${slots.default()}
      </svg>
      <div class="chart-ticks">${props.ticks.map((/** @type {string} */ tick) => html`<span key=${tick}>${tick}</span>`)}</div>
    </div>`;
  },
};
