// @ts-check
import { nextTick, onMounted, onUnmounted, ref } from '../core/vue.js';
import { html } from '../core/html.js';

/**
 * A button that opens a small panel below itself. Slots: `button` what the button shows, `default` the panel, which is given
 * `close`. Closes with Escape, a press elsewhere, or when the focus leaves it.
 */
export const Menu = {
  props: { label: { type: String, required: true }, buttonClass: String },
  /** @param {any} props @param {any} context */
  setup(props, { slots }) {
    const open = ref(false);
    const root = ref(/** @type {HTMLElement | null} */ (null));
    const button = () => /** @type {HTMLElement | null | undefined} */ (root.value?.querySelector('button'));
    const items = () => /** @type {HTMLElement[]} */ ([...(root.value?.querySelectorAll('.menu-panel button') ?? [])]);

    const close = () => {
      if (open.value && root.value?.contains(document.activeElement)) button()?.focus();
      open.value = false;
    };
    const toggle = async () => {
      open.value = !open.value;
      await nextTick();
      if (open.value) (items().find((item) => item.getAttribute('aria-pressed') === 'true') ?? items()[0])?.focus();
    };
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (!open.value) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') close();
      else if (step) {
        const all = items();
        const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
        all[(at + step + all.length) % all.length]?.focus();
        event.preventDefault();
      }
    };
    const outside = (/** @type {Event} */ event) => {
      if (!root.value?.contains(/** @type {Node} */ (event.target))) open.value = false;
    };
    onMounted(() => ['pointerdown', 'focusin'].forEach((name) => document.addEventListener(name, outside)));
    onUnmounted(() => ['pointerdown', 'focusin'].forEach((name) => document.removeEventListener(name, outside)));

    return () => html`<div class="menu" ref=${root} onKeydown=${key}>
      <button type="button" class=${props.buttonClass} aria-label=${props.label} aria-expanded=${String(open.value)}
        onClick=${toggle}>${slots.button()}</button>
      ${open.value && html`<div class="menu-panel">${slots.default({ close })}</div>`}
    </div>`;
  },
};
