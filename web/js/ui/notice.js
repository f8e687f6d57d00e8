// @ts-check
import { html } from '../core/html.js';
import { icon } from './icon.js';

/**
 * Something to read beside the content it is about.
 *
 * @param {{ tone?: 'info' | 'ok' | 'warn' | 'bad', title: string, text?: string, alert?: boolean }} props
 *   `alert` reads it out at once
 * @param {{ slots: Record<string, any> }} context default slot: buttons
 */
export const Notice = ({ tone = 'info', title, text, alert }, { slots }) => html`<div class=${['notice', tone]}
  role=${alert ? 'alert' : null}>
  ${icon(tone === 'ok' ? 'check' : tone === 'info' ? 'info' : 'alert')}
  <div class="grow"><b>${title}</b>${text && html`<p>${text}</p>`}</div>
  ${slots.default && html`<div class="cluster">${slots.default()}</div>`}
</div>`;
Notice.props = ['tone', 'title', 'text', 'alert'];
