// @ts-check
import { html } from '../core/html.js';

/**
 * What stands where there is nothing yet. Default slot: what to do about it.
 *
 * @param {{ title: string, text: string }} props
 * @param {{ slots: Record<string, any> }} context
 */
export const Empty = ({ title, text }, { slots }) => html`<div class="empty">
  <svg class="lanes" viewBox="0 0 96 48" aria-hidden="true">
    <rect x="2" y="2" width="92" height="44" rx="22" />
    <rect x="9" y="9" width="78" height="30" rx="15" />
    <rect x="16" y="16" width="64" height="16" rx="8" />
  </svg>
  <p class="title">${title}</p>
  <p>${text}</p>
  ${slots.default && html`<div class="cluster">${slots.default()}</div>`}
</div>`;
Empty.props = ['title', 'text'];
