// @ts-check
import { shallowRef } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

const SHOWN_MS = 6000;

/** @type {import('../core/vue.js').ShallowRef<{ id: number, title: string }[]>} */
const toasts = shallowRef([]);
let lastId = 0;

/** @param {number} id */
const dismiss = (id) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

/** Says that something is done. Never for errors: those stand where they happened. @param {string} title */
export function toast(title) {
  const id = (lastId += 1);
  toasts.value = [...toasts.value, { id, title }];
  setTimeout(dismiss, SHOWN_MS, id);
}

export const Toasts = () => html`<div class="toasts" role="status">
  ${toasts.value.map(({ id, title }) => html`<div key=${id} class="toast">
    ${icon('check')}<b>${title}</b>
    <button type="button" aria-label=${t('common.dismiss')} onClick=${() => dismiss(id)}>${icon('close')}</button>
  </div>`)}
</div>`;
