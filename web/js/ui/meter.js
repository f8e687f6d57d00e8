// @ts-check
import { html } from '../core/html.js';

/**
 * How much of something is taken. The words beside it say the same, so it is not read out.
 *
 * @param {{ share: number, tone?: string }} props `share` from 0 to 1
 */
export const Meter = ({ share, tone = '' }) => html`<svg class=${['meter', tone]} aria-hidden="true">
  <rect class="chart-ground" width="100%" height="100%" rx="3" />
  <rect class="meter-fill" width=${`${Math.min(1, Math.max(0, share)) * 100}%`} height="100%" rx="3" /></svg>`;
Meter.props = ['share', 'tone'];
