// @ts-check
import { computed } from '../core/vue.js';
import { fmtNumber } from '../core/format.js';
import { html } from '../core/html.js';
import { ChartAxes } from './chart-axes.js';
import { ChartKey } from './chart.js';
import { niceMax } from './scale.js';

/** How much of its place a group of bars takes. */
const FILLED = 0.7;

/**
 * Bars over time, one for each series side by side.
 *
 * Props: `groups`, `{ label, title, values }` with a value for each of `series`, `{ name, tone }`.
 */
export const BarChart = {
  props: { groups: { type: Array, required: true }, series: { type: Array, required: true } },
  /** @param {any} props */
  setup(props) {
    const largest = computed(() => Math.max(0, ...props.groups.flatMap((/** @type {any} */ group) => group.values)));
    const max = computed(() => niceMax(largest.value, { whole: true }));
    const ticks = computed(() => {
      const { length } = props.groups;
      const wanted = [...new Set([0, Math.floor((length - 1) / 2), length - 1])].filter((i) => i >= 0);
      return wanted.map((i) => props.groups[i].label);
    });

    /** @param {any} group @param {number} i */
    const bars = (group, i) => {
      const place = 100 / props.groups.length;
      const width = (place * FILLED) / props.series.length;
      const start = i * place + (place * (1 - FILLED)) / 2;
      return group.values.map((/** @type {number} */ value, /** @type {number} */ n) => {
        const height = (value / max.value) * 100;
        return html`<rect key=${`${i}-${n}`} class=${['chart-fill', props.series[n].tone]} x=${`${start + n * width}%`} y=${`${100 - height}%`}
          width=${`${width * 0.92}%`} height=${`${height}%`} rx="1.5">
          <title>${`${group.title}: ${fmtNumber(value)} ${props.series[n].name}`}</title></rect>`;
      });
    };

    return () => html`<${ChartAxes} max=${max.value} format=${fmtNumber} ticks=${ticks.value}>${{
      default: () => props.groups.map(bars),
    }}<//><${ChartKey} series=${props.series} />`;
  },
};
