// @ts-check
import { computed, nextTick, onMounted, onUnmounted, ref, useId, watch } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { amounts } from '../core/amounts.js';
import { useEntityForm } from '../core/entity-form.js';
import { changesOf, concerns } from '../core/live.js';
import { beforeLeaving, go } from '../core/router.js';
import { Dialog } from './dialog.js';
import { Conflict } from './entity-conflict.js';
import { Field, focusFirstError } from './field.js';
import { icon } from './icon.js';
import { Notice } from './notice.js';
import { Tabs } from './tabs.js';

/**
 * Shows, creates, changes or deletes one row in a drawer.
 *
 * Props: `path`, `singular`, `fields`, `id`, `initial` and `body` as `useEntityForm` takes them; `text(key)`, the words of this kind
 * of row: `new`, `one`, `add`; `tabs`, what there is besides the form: `[{ key, label, view: (row) => … }]`; `tab`, the one that is
 * open; `deletes`, whether there is a button to delete; `steps`, whether the list has rows before and after this one; `nameOf(row)`.
 * Emits `close`, `done` with what happened and the row, `tab` with a key, and `step` with -1 or 1.
 */
export const EntityDrawer = {
  props: {
    path: { type: String, required: true },
    singular: { type: String, required: true },
    fields: { type: Array, required: true },
    id: Number,
    text: { type: Function, required: true },
    initial: Object,
    body: Function,
    readonly: Boolean,
    deletes: { type: Boolean, default: true },
    tabs: { type: Array, default: () => [] },
    tab: { type: String, default: 'details' },
    steps: { type: Object, default: () => ({ previous: false, next: false }) },
    still: Boolean,
    nameOf: { type: Function, default: (/** @type {any} */ row) => row.name },
  },
  emits: ['close', 'done', 'tab', 'step'],
  /** @param {any} props @param {any} context */
  setup(props, { emit, slots }) {
    const id = props.id ?? null;
    const { path, singular, fields, initial, body } = props;
    const entity = useEntityForm({ path, singular, fields, id, initial, body });
    const { form, labels, errors, problem, conflict, state, dirty, stored } = entity;
    const formId = useId();
    const formElement = ref(/** @type {HTMLFormElement | null} */ (null));
    const root = ref(/** @type {HTMLElement | null} */ (null));
    /** Nothing is asked any more before something else is shown. */
    let letGo = () => {};
    const finish = (/** @type {string} */ event, /** @type {any[]} */ ...values) => {
      letGo();
      emit(event, ...values);
    };
    const asking = ref(/** @type {'' | 'discard' | 'delete'} */ (''));
    /** What was asked for when there was something to lose. */
    let afterwards = () => finish('close');
    const title = computed(() => (id === null ? props.text('new') : stored.value ? props.nameOf(stored.value) : props.text('one')));
    const current = computed(() => (props.tabs.some((/** @type {any} */ tab) => tab.key === props.tab) ? props.tab : 'details'));

    const focusFirst = async () => {
      await nextTick();
      // On a phone the keyboard would hide what somebody came to read.
      if (props.readonly || (id !== null && matchMedia('(pointer: coarse)').matches)) return;
      const start = /** @type {HTMLElement | null | undefined} */ (formElement.value?.querySelector('.input:not(:disabled)'));
      start?.focus();
    };
    const warn = (/** @type {BeforeUnloadEvent} */ event) => dirty.value && event.preventDefault();
    onMounted(async () => {
      addEventListener('beforeunload', warn);
      const release = beforeLeaving((to) => {
        if (dirty.value) leaving(() => {
          letGo();
          go(to);
        });
        return !dirty.value;
      }, 'id');
      letGo = () => void release();
      if (id !== null) await entity.load();
      if (current.value === 'details') void focusFirst();
      else /** @type {HTMLElement | null | undefined} */ (root.value?.querySelector('[aria-selected="true"]'))?.focus();
    });
    watch(() => changesOf(singular), () => id !== null && concerns(singular, id) && void entity.refresh());
    onUnmounted(() => {
      removeEventListener('beforeunload', warn);
      letGo();
    });

    /** Puts a question into the footer; the keyboard goes to its harmless answer. @param {'discard' | 'delete'} what */
    const ask = async (what) => {
      asking.value = what;
      await nextTick();
      const first = root.value?.closest('dialog')?.querySelector('footer button');
      if (first instanceof HTMLElement) first.focus();
    };
    const stopAsking = () => {
      asking.value = '';
      problem.value = null;
      void focusFirst();
    };
    /** Does what leaves this row, after a question when something typed would be lost. @param {() => void} leave */
    const leaving = (leave) => {
      afterwards = leave;
      // Escape answers a question with no; only its button throws work away.
      if (asking.value) stopAsking();
      else if (dirty.value) void ask('discard');
      else leave();
    };
    const close = () => leaving(() => finish('close'));
    const step = (/** @type {number} */ by) => leaving(() => finish('step', by));
    const key = (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!event.altKey || !by || !props.steps[by > 0 ? 'next' : 'previous']) return;
      event.preventDefault();
      step(by);
    };
    const send = async () => {
      const row = await entity.save();
      if (row) finish('done', { what: id === null ? 'created' : 'changed', row, warnings: entity.warnings.value });
      else void nextTick(() => focusFirstError(formElement.value));
    };
    const save = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (id !== null && !dirty.value) return finish('close');
      void send();
    };
    const remove = async (/** @type {boolean} */ cascade) => {
      const name = title.value;
      if (await entity.remove(cascade)) finish('done', { what: 'deleted', row: { name } });
    };

    const footer = () => {
      if (asking.value === 'discard') {
        return question(t('form.discardQuestion'), html`
          <button type="button" class="btn" onClick=${stopAsking}>${t('form.keepEditing')}</button>
          <button type="button" class="btn danger" onClick=${() => afterwards()}>${t('form.discard')}</button>`);
      }
      if (asking.value === 'delete') {
        const blocked = problem.value?.status === 409;
        return question(blocked ? t('form.cascadeQuestion') : t('form.deleteQuestion', { name: title.value }), html`
          <button type="button" class="btn" onClick=${stopAsking}>${t('common.cancel')}</button>
          <button type="button" class="btn danger solid" disabled=${state.value === 'saving'} onClick=${() => remove(blocked)}>
            ${blocked ? t('form.deleteAll') : t('form.delete')}</button>`);
      }
      if (props.readonly || state.value === 'missing' || current.value !== 'details') return html`<button type="button" class="btn"
        onClick=${close}>${t('common.close')}</button>`;
      return html`${id !== null && props.deletes && html`<button type="button" class="btn ghost danger push"
        onClick=${() => ask('delete')}>${t('form.delete')}</button>`}
        <button type="button" class="btn" onClick=${close}>${t('common.cancel')}</button>
        <button type="submit" form=${formId} class="btn primary" disabled=${state.value !== 'ready' || conflict.value !== null}>
          ${state.value === 'saving' ? t('form.saving') : id === null ? props.text('add') : t('form.save')}</button>`;
    };

    const head = () => (props.steps.previous || props.steps.next) && html`<span class="cluster steps">
      <button type="button" class="btn ghost icon-only" aria-label=${t('form.previous')} title=${t('form.previousKey')}
        disabled=${!props.steps.previous} onClick=${() => step(-1)}>${icon('up')}</button>
      <button type="button" class="btn ghost icon-only" aria-label=${t('form.next')} title=${t('form.nextKey')}
        disabled=${!props.steps.next} onClick=${() => step(1)}>${icon('chevron')}</button></span>`;

    // Who may only read is shown what there is to read; some of it is not for every role.
    const shownFields = () => fields.filter((/** @type {any} */ field) => !props.readonly || form[field.name] !== '');

    const details = () => html`
      ${problem.value && html`<${Notice} tone="bad" alert title=${t(state.value === 'missing' ? 'form.notLoaded' : 'form.notSaved')}
        text=${explain(problem.value)}>
        ${state.value === 'missing' ? html`<button type="button" class="btn" onClick=${entity.load}>${t('common.retry')}</button>` : null}<//>`}
      ${conflict.value && html`<${Conflict} differences=${conflict.value.differences} onSettle=${entity.settle} />`}
      ${state.value === 'loading' && html`<div class="skeleton tall"></div>`}
      ${(state.value === 'ready' || state.value === 'saving') && html`<form id=${formId} ref=${formElement} class="form-grid" novalidate
        onSubmit=${save}>
        ${shownFields().map((/** @type {any} */ field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors}
          labels=${labels} prefix=${formId} disabled=${props.readonly} />`)}
      </form>`}
      ${state.value !== 'loading' && slots.default?.({ form, labels, row: stored.value })}`;

    const panel = () => {
      const open = props.tabs.find((/** @type {any} */ tab) => tab.key === current.value);
      return open ? open.view(stored.value) : null;
    };

    return () => html`<${Dialog} drawer still=${props.still} title=${title.value} onClose=${close} onKeydown=${key}>${{
      head,
      default: () => html`<div class="drawer-body" ref=${root}>
        ${id !== null && props.tabs.length > 0 && html`<${Tabs} label=${title.value} id=${formId} current=${current.value}
          tabs=${[{ key: 'details', label: t('form.details') }, ...props.tabs]}
          onChoose=${(/** @type {string} */ tab) => emit('tab', tab)} />`}
        <div id=${`${formId}-panel`} class="stack" role=${props.tabs.length > 0 && id !== null ? 'tabpanel' : null}
          aria-label=${props.tabs.length > 0 && id !== null ? title.value : null}>
          <div class="stack" hidden=${current.value !== 'details'}>${details()}</div>
          ${state.value !== 'loading' && panel()}
        </div>
      </div>`,
      footer,
    }}<//>`;
  },
};

/** What still hangs on a row is said in our own words; all else the server says well. @param {any} error */
function explain(error) {
  const counts = error.body?.counts ?? {};
  return Object.keys(counts).length ? t('form.inUse', { list: amounts(counts) }) : error.message;
}

/** @param {string} words @param {any} buttons */
const question = (words, buttons) => html`<b class="push" role="alert">${words}</b>${buttons}`;
