// @ts-check
import { nextTick, onUnmounted, ref, shallowRef, useId, watch } from '../core/vue.js';
import { html } from '../core/html.js';
import { isAbort } from '../core/api.js';
import { t } from '../core/i18n.js';

/** @typedef {{ value: number, label: string, note?: string }} Choice */

/** Typing asks once it pauses. */
const PAUSE_MS = 80;

/**
 * A field that finds one of many rows as somebody types, instead of asking for its number.
 *
 * Props: `shown`, how the present choice is called; `find(letters, signal)` gives the choices, also for no letters; `attributes` go to
 * the input. Emits `pick` with the choice, or with null when the field was emptied.
 */
export const Combobox = {
  props: { shown: String, find: { type: Function, required: true }, attributes: Object, disabled: Boolean },
  emits: ['pick'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const typed = ref(props.shown ?? '');
    const open = ref(false);
    const busy = ref(false);
    const active = ref(0);
    const choices = shallowRef(/** @type {Choice[]} */ ([]));
    const problem = shallowRef(/** @type {any} */ (null));
    const list = ref(/** @type {HTMLElement | null} */ (null));
    const listId = useId();
    let controller = new AbortController();
    let timer = 0;
    /** Enter was pressed before the answer came: its first choice is taken. */
    let hasty = false;

    watch(() => props.shown, (value) => {
      typed.value = value ?? '';
    });
    onUnmounted(() => {
      clearTimeout(timer);
      controller.abort();
    });

    async function look(/** @type {string} */ letters) {
      controller.abort();
      controller = new AbortController();
      busy.value = true;
      try {
        choices.value = await props.find(letters.trim(), controller.signal);
        problem.value = null;
        active.value = 0;
      } catch (error) {
        if (isAbort(error)) return;
        problem.value = error;
        choices.value = [];
      }
      busy.value = false;
      if (!hasty) return;
      hasty = false;
      if (choices.value.length) pick(choices.value[0]);
      else if (!list.value?.parentElement?.parentElement?.contains(document.activeElement)) leave();
    }

    const show = (/** @type {string} */ letters) => {
      open.value = true;
      busy.value = true;
      hasty = false;
      clearTimeout(timer);
      timer = window.setTimeout(look, PAUSE_MS, letters);
    };
    const input = (/** @type {any} */ event) => {
      typed.value = event.target.value;
      show(typed.value);
    };
    const pick = (/** @type {Choice | null} */ choice) => {
      clearTimeout(timer);
      open.value = false;
      typed.value = choice?.label ?? '';
      emit('pick', choice);
    };
    /** What is left standing without being chosen would look like a choice. */
    const leave = () => {
      if (hasty) return;
      clearTimeout(timer);
      if (open.value && !typed.value.trim() && props.shown) emit('pick', null);
      open.value = false;
      typed.value = typed.value.trim() ? (props.shown ?? '') : '';
    };
    const move = async (/** @type {number} */ step) => {
      if (!open.value) return show('');
      const count = choices.value.length;
      if (count) active.value = (active.value + step + count) % count;
      await nextTick();
      list.value?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    };
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'ArrowDown') void move(1);
      else if (event.key === 'ArrowUp') void move(-1);
      else if (event.key === 'Enter' && open.value) {
        if (busy.value) hasty = true;
        else if (choices.value[active.value]) pick(choices.value[active.value]);
      } else if (event.key === 'Escape' && open.value) {
        open.value = false;
        typed.value = props.shown ?? '';
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };

    const option = (/** @type {Choice} */ choice, /** @type {number} */ index) => html`<li key=${choice.value} role="option"
      id=${`${listId}-${index}`} aria-selected=${String(index === active.value)}
      onMousedown=${(/** @type {Event} */ event) => event.preventDefault()} onClick=${() => pick(choice)}>
      <b>${choice.label}</b>${choice.note && html`<small>${choice.note}</small>`}</li>`;

    const status = () => {
      if (problem.value) return problem.value.message;
      if (choices.value.length) return '';
      return t(busy.value ? 'form.searching' : 'form.nothingFound');
    };

    return () => html`<div class="combobox">
      <input class="input" type="text" role="combobox" autocomplete="off" spellcheck="false" ...${props.attributes} value=${typed.value}
        disabled=${props.disabled || null} aria-expanded=${String(open.value)} aria-controls=${listId} aria-autocomplete="list"
        aria-activedescendant=${open.value && choices.value.length ? `${listId}-${active.value}` : null}
        onInput=${input} onKeydown=${key} onBlur=${leave} onClick=${() => !open.value && show('')}
        onFocus=${(/** @type {any} */ event) => event.target.select()} />
      <div class="combobox-panel" hidden=${!open.value}>
        <ul role="listbox" id=${listId} ref=${list} aria-label=${t('form.choices')}>${choices.value.map(option)}</ul>
        <p role="status">${open.value ? status() : ''}</p>
      </div>
    </div>`;
  },
};
