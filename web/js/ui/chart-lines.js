// @ts-check
import { computed } from '../core/vue.js';
import { html } from '../core/html.js';
import { ChartAxes } from './chart-axes.js';
import { ChartKey } from './chart.js';
import { dotPath, linePath, niceMax } from './scale.js';

/**
 * Lines over time.
 *
 * Props: `series`, `{ name, tone, values }` with the same moments, null where none is known; `format` of a value; `ticks`, the words
 * below the line.
 */
export const LineChart = {
  props: { series: { type: Array, required: true }, format: { type: Function, required: true }, ticks: { type: Array, required: true } },
  /** @param {any} props */
  setup(props) {
    const known = computed(() => props.series.flatMap((/** @type {any} */ one) => one.values)
      .filter((/** @type {any} */ value) => typeof value === 'number'));
    const max = computed(() => niceMax(Math.max(0, ...known.value)));

    return () => html`<${ChartAxes} max=${max.value} format=${props.format} ticks=${props.ticks}>${{
      default: () => html`<svg viewBox="0 0 100 100" preserveAspectRatio="none">
        ${props.series.map((/** @type {any} */ one) => html`<g key=${one.name} class=${one.tone}>
          <path class="chart-stroke" d=${linePath(one.values, max.value)} />
          <path class="chart-stroke chart-point" d=${dotPath(one.values, max.value)} /></g>`)}</svg>`,
    }}<//>${props.series.length > 1 && html`<${ChartKey} series=${props.series} />`}`;
  },
};
