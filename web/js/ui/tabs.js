// @ts-check
import { html } from '../core/html.js';

/**
 * Tabs above one panel: `<${Tabs} label tabs=${[{ key, label, count? }]} current onChoose=${(key) => …} id>`; what belongs to the
 * chosen one stands below in an element with `role="tabpanel"` and `id=${`${id}-panel`}`. Arrow keys go from tab to tab.
 */
export const Tabs = {
  props: { label: String, tabs: { type: Array, required: true }, current: String, id: String },
  emits: ['choose'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    /** @param {KeyboardEvent} event @param {number} index */
    const key = (event, index) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = (index + step + props.tabs.length) % props.tabs.length;
      emit('choose', props.tabs[next].key);
      const buttons = /** @type {HTMLElement} */ (event.currentTarget).parentElement?.children;
      const tab = /** @type {HTMLElement | undefined} */ (buttons?.[next]);
      tab?.focus();
    };
    return () => html`<div class="tabs" role="tablist" aria-label=${props.label}>
      ${props.tabs.map((/** @type {any} */ tab, /** @type {number} */ index) => html`<button type="button" role="tab" key=${tab.key}
        aria-selected=${String(tab.key === props.current)} aria-controls=${`${props.id}-panel`}
        tabindex=${tab.key === props.current ? 0 : -1} onClick=${() => emit('choose', tab.key)}
        onKeydown=${(/** @type {KeyboardEvent} */ event) => key(event, index)}>${tab.label}
        ${tab.count !== undefined && html`<span class="count">${tab.count}</span>`}</button>`)}
    </div>`;
  },
};
