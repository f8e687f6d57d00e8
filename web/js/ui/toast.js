// @ts-check
import { shallowRef } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

const SHOWN_MS = 6000;

/** @typedef {{ id: number, title: string, text?: string, undo?: () => unknown }} Toast */

/** @type {import('../core/vue.js').ShallowRef<Toast[]>} */
const toasts = shallowRef([]);
let lastId = 0;

/** @param {number} id */
const dismiss = (id) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

/**
 * Says that something is done. Never for errors: those stand where they happened.
 *
 * @param {string} title
 * @param {{ text?: string, undo?: () => unknown, stays?: boolean }} [options] with `undo` or `stays` until somebody closes it
 */
export function toast(title, { text, undo, stays = false } = {}) {
  const id = (lastId += 1);
  toasts.value = [...toasts.value, { id, title, text, undo }];
  if (!undo && !stays) setTimeout(dismiss, SHOWN_MS, id);
}

/** @param {Toast} toast */
const takeBack = ({ id, undo }) => {
  dismiss(id);
  undo?.();
};

export const Toasts = () => html`<div class="toasts" role="status">
  ${toasts.value.map((toast) => html`<div key=${toast.id} class="toast">
    ${icon('check')}<div class="grow"><b>${toast.title}</b>${toast.text && html`<p>${toast.text}</p>`}</div>
    ${toast.undo && html`<button type="button" class="toast-undo" onClick=${() => takeBack(toast)}>${t('common.undo')}</button>`}
    <button type="button" aria-label=${t('common.dismiss')} onClick=${() => dismiss(toast.id)}>${icon('close')}</button>
  </div>`)}
</div>`;
