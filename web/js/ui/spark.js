// @ts-check
import { computed } from '../core/vue.js';
import { html } from '../core/html.js';
import { linePath } from './scale.js';

const LEAST_POINTS = 2;

/**
 * A small line that shows how a number beside it has moved. It says nothing that the words do not say, so it is not read out.
 *
 * Props: `values`, oldest first, null where none is known.
 */
export const Spark = {
  props: { values: { type: Array, required: true } },
  /** @param {any} props */
  setup(props) {
    const known = computed(() => props.values.filter((/** @type {any} */ value) => typeof value === 'number'));
    const path = computed(() => linePath(props.values, Math.max(...known.value, 1e-6) * 1.08));
    return () => known.value.length >= LEAST_POINTS && html`<svg class="spark" viewBox="0 0 100 100"
      preserveAspectRatio="none" aria-hidden="true"><path d=${path.value} /></svg>`;
  },
};
