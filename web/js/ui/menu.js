// @ts-check
import { nextTick, onMounted, onUnmounted, ref } from '../core/vue.js';
import { html } from '../core/html.js';

/**
 * A button that opens a small panel below itself. Slots: `button` what the button shows, `default` the panel, which is given
 * `close`. Closes with Escape, a press elsewhere, or when the focus leaves it. With `up` the panel stands above the button.
 */
export const Menu = {
  props: { label: { type: String, required: true }, buttonClass: String, up: Boolean },
  /** @param {any} props @param {any} context */
  setup(props, { slots }) {
    const open = ref(false);
    const root = ref(/** @type {HTMLElement | null} */ (null));
    const button = () => /** @type {HTMLElement | null | undefined} */ (root.value?.querySelector('button'));
    const items = () => /** @type {HTMLElement[]} */ ([...(root.value?.querySelectorAll('.menu-panel :is(button, a, input)') ?? [])]);

    const close = () => {
      if (open.value && root.value?.contains(document.activeElement)) button()?.focus();
      open.value = false;
    };
    const toggle = async () => {
      open.value = !open.value;
      await nextTick();
      const all = items();
      const start = all.find((item) => item.tagName === 'INPUT') ?? all.find((item) => item.getAttribute('aria-pressed') === 'true') ?? all[0];
      if (open.value) start?.focus();
    };
    /** @param {HTMLElement[]} all @param {string} pressed @returns {HTMLElement | undefined} where this key leads to */
    const next = (all, pressed) => {
      const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      if (pressed === 'ArrowDown') return all[(at + 1) % all.length];
      if (pressed === 'ArrowUp') return all[(at - 1 + all.length) % all.length];
      if (all[at]?.tagName === 'INPUT') return undefined;
      if (pressed === 'Home') return all[0];
      return pressed === 'End' ? all.at(-1) : undefined;
    };
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (!open.value) return;
      if (event.key === 'Escape') {
        event.stopPropagation();
        return close();
      }
      const item = next(items(), event.key);
      if (!item) return;
      event.preventDefault();
      item.focus();
    };
    const outside = (/** @type {Event} */ event) => {
      if (!root.value?.contains(/** @type {Node} */ (event.target))) open.value = false;
    };
    onMounted(() => ['pointerdown', 'focusin'].forEach((name) => document.addEventListener(name, outside)));
    onUnmounted(() => ['pointerdown', 'focusin'].forEach((name) => document.removeEventListener(name, outside)));

    return () => html`<div class=${['menu', props.up && 'up']} ref=${root} onKeydown=${key}>
      <button type="button" class=${props.buttonClass} aria-label=${props.label} aria-expanded=${String(open.value)}
        onClick=${toggle}>${slots.button()}</button>
      ${open.value && html`<div class="menu-panel">${slots.default({ close })}</div>`}
    </div>`;
  },
};
