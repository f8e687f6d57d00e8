// @ts-check
import { nextTick, onBeforeUnmount, onMounted, ref, useId } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/**
 * A native modal dialog that is open as long as it is in the tree. The browser keeps the focus inside and gives it back to the
 * opener. It only asks to be closed (Escape, the cross, a press beside it): whoever shows it decides.
 *
 * `wide` has room for two columns; `huge` is for work in several steps: its size stays whatever it shows. Slots: `default` the body, `footer` the buttons, `head`
 * buttons beside the cross. A `still` drawer does not slide in: it takes the place of another one.
 */
export const Dialog = {
  props: { title: { type: String, required: true }, text: String, drawer: Boolean, wide: Boolean, huge: Boolean, still: Boolean },
  emits: ['close'],
  /** @param {any} props @param {any} context */
  setup(props, { emit, slots }) {
    const element = ref(/** @type {HTMLDialogElement | null} */ (null));
    const titleId = useId();
    onMounted(() => {
      element.value?.showModal();
      // The first thing to fill in or choose is a better place to start than the cross.
      const body = element.value?.querySelector('.body');
      const start = body?.querySelector('[autofocus]') ?? body?.querySelector('input:checked, .input, button');
      if (start) /** @type {HTMLElement} */ (start).focus();
    });
    onBeforeUnmount(() => {
      element.value?.close();
      // After a reload it had no opener that the keyboard could go back to.
      const { activeElement, body } = document;
      if (activeElement === body || element.value?.contains(activeElement)) document.querySelector('main')?.focus();
    });

    const cancel = (/** @type {Event} */ event) => {
      if (event.target !== element.value) return; // a file picker inside sends a cancel event of its own
      if (!event.cancelable) return; // the close that follows is answered below
      event.preventDefault();
      emit('close');
    };
    // A second Escape in a row closes whatever the page says; then it opens again unless whoever shows it agrees.
    const closed = async () => {
      if (!element.value?.isConnected) return;
      emit('close');
      await nextTick();
      if (element.value?.isConnected && !element.value.open) element.value.showModal();
    };
    // A press that began inside, to select text for example, and ended outside is not a wish to close.
    const press = (/** @type {MouseEvent} */ event) => event.target === element.value && emit('close');

    return () => html`<dialog ref=${element} class=${{ drawer: props.drawer, wide: props.wide, huge: props.huge, still: props.still }} aria-labelledby=${titleId}
      onCancel=${cancel} onClose=${closed} onMousedown=${press}>
      <div class="dialog">
        <header>
          <div class="grow"><h2 id=${titleId}>${props.title}</h2>${props.text && html`<p>${props.text}</p>`}</div>
          ${slots.head?.()}
          <button type="button" class="btn ghost icon-only" aria-label=${t('common.close')}
            onClick=${() => emit('close')}>${icon('close')}</button>
        </header>
        <div class="body">${slots.default?.()}</div>
        ${slots.footer && html`<footer>${slots.footer()}</footer>`}
      </div>
    </dialog>`;
  },
};
