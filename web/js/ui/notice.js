// @ts-check
import { html } from '../core/html.js';
import { icon } from './icon.js';

/** Some sentences of the server begin with a mark for clients that show text alone; here the icon says it. @param {string} text */
const unmarked = (text) => text.replace(/^(?:\u2705|\u274C|\u26A0\uFE0F?)\s*/, '');

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
  <div class="grow"><b>${title}</b>${text && html`<p>${unmarked(text)}</p>`}</div>
  ${slots.default && html`<div class="cluster">${slots.default()}</div>`}
</div>`;
Notice.props = ['tone', 'title', 'text', 'alert'];
