// @ts-check
import { nextTick, onMounted, ref, useId } from '../core/vue.js';
import { html } from '../core/html.js';
import { hasText, locale, t } from '../core/i18n.js';
import { useEntityForm } from '../core/entity-form.js';
import { Dialog } from './dialog.js';
import { Field, focusFirstError } from './field.js';
import { icon } from './icon.js';
import { Notice } from './notice.js';

/**
 * Creates, changes or deletes one row in a drawer.
 *
 * Props: `path`, `singular`, `fields`, `id` and `initial` as `useEntityForm` takes them; `words`, the prefix of the texts' keys.
 * Emits `close`, and `done` with what happened and the row.
 */
export const EntityDrawer = {
  props: { path: String, singular: String, fields: Array, id: Number, words: String, initial: Object, readonly: Boolean },
  emits: ['close', 'done'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const id = props.id ?? null;
    const { path, singular, fields, initial } = props;
    const entity = useEntityForm({ path, singular, fields, id, initial });
    const { form, errors, problem, conflict, state, dirty } = entity;
    const formId = useId();
    const formElement = ref(/** @type {HTMLFormElement | null} */ (null));
    const asking = ref(/** @type {'' | 'discard' | 'delete'} */ (''));

    const focusFirst = async () => {
      await nextTick();
      /** @type {HTMLElement | null | undefined} */ (formElement.value?.querySelector('.input'))?.focus();
    };
    onMounted(async () => {
      if (id !== null) await entity.load();
      void focusFirst();
    });

    const text = (/** @type {string} */ key) => t(`${props.words}.${key}`);
    /** Puts a question into the footer; the keyboard goes to its harmless answer. @param {'discard' | 'delete'} what */
    const ask = async (what) => {
      asking.value = what;
      await nextTick();
      /** @type {HTMLElement | null | undefined} */ (formElement.value?.closest('dialog')?.querySelector('footer button'))?.focus();
    };
    const stopAsking = () => {
      asking.value = '';
      problem.value = null;
      void focusFirst();
    };
    const close = () => {
      // Escape answers a question with no; only its button throws work away.
      if (asking.value) stopAsking();
      else if (dirty.value) void ask('discard');
      else emit('close');
    };
    const save = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (id !== null && !dirty.value) return emit('close');
      const row = await entity.save();
      if (row) emit('done', { what: id === null ? 'created' : 'changed', row });
      else void nextTick(() => focusFirstError(formElement.value));
    };
    const remove = async (/** @type {boolean} */ cascade) => {
      const name = entity.storedName.value;
      if (await entity.remove(cascade)) emit('done', { what: 'deleted', row: { name } });
    };

    // Who may only read is shown what there is to read; some of it is not for every role.
    const shownFields = () => props.fields.filter((/** @type {any} */ field) => !props.readonly || form[field.name] !== '');

    const footer = () => {
      if (asking.value === 'discard') {
        return question(t('form.discardQuestion'), html`
          <button type="button" class="btn" onClick=${stopAsking}>${t('form.keepEditing')}</button>
          <button type="button" class="btn danger" onClick=${() => emit('close')}>${t('form.discard')}</button>`);
      }
      if (asking.value === 'delete') {
        const blocked = problem.value?.status === 409;
        return question(blocked ? t('form.cascadeQuestion') : t('form.deleteQuestion', { name: entity.storedName.value }), html`
          <button type="button" class="btn" onClick=${stopAsking}>${t('common.cancel')}</button>
          <button type="button" class="btn danger solid" disabled=${state.value === 'saving'} onClick=${() => remove(blocked)}>
            ${blocked ? t('form.deleteAll') : t('form.delete')}</button>`);
      }
      if (props.readonly || state.value === 'missing') return html`<button type="button" class="btn"
        onClick=${() => emit('close')}>${t('common.close')}</button>`;
      return html`${id !== null && html`<button type="button" class="btn ghost danger push"
        onClick=${() => ask('delete')}>${t('form.delete')}</button>`}
        <button type="button" class="btn" onClick=${close}>${t('common.cancel')}</button>
        <button type="submit" form=${formId} class="btn primary" disabled=${state.value !== 'ready' || conflict.value !== null}>
          ${state.value === 'saving' ? t('form.saving') : id === null ? text('add') : t('form.save')}</button>`;
    };
    return () => html`<${Dialog} drawer title=${id === null ? text('new') : entity.storedName.value || text('one')} onClose=${close}>${{
      default: () => [
        problem.value && html`<${Notice} tone="bad" alert title=${t(state.value === 'missing' ? 'form.notLoaded' : 'form.notSaved')}
          text=${explain(problem.value)} />`,
        conflict.value && html`<${Conflict} differences=${conflict.value.differences} onMine=${entity.keepMine}
          onTheirs=${entity.takeTheirs} />`,
        state.value === 'loading' && html`<div class="skeleton tall"></div>`,
        (state.value === 'ready' || state.value === 'saving') && html`<form id=${formId} ref=${formElement} class="form-grid" novalidate
          onSubmit=${save}>
          ${shownFields().map((/** @type {any} */ field) => html`<${Field} key=${field.name} field=${field}
            form=${form} errors=${errors} prefix=${formId}
            disabled=${props.readonly} />`)}
        </form>`,
      ],
      footer,
    }}<//>`;
  },
};

/** What still hangs on a row is said in our own words; all else the server says well. @param {any} error */
function explain(error) {
  const counts = Object.entries(error.body?.counts ?? {});
  if (!counts.length) return error.message;
  const amounts = counts.map(([name, n]) => (hasText(`amount.${name}.other`) ? t(`amount.${name}`, { n: Number(n) }) : `${n} ${name}`));
  return t('form.inUse', { list: new Intl.ListFormat(locale()).format(amounts) });
}

/** @param {string} words @param {any} buttons */
const question = (words, buttons) => html`<b class="push" role="alert">${words}</b>${buttons}`;

/** Both values side by side, so that nobody overwrites what they have not seen. */
const Conflict = {
  props: { differences: Array },
  emits: ['mine', 'theirs'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const show = (/** @type {any} */ value) => (value === '' ? t('form.empty') : String(value));
    return () => html`<section class="conflict" role="alert">
      <div class="notice warn">${icon('alert')}<div><b>${t('form.conflict')}</b><p>${t('form.conflictText')}</p></div></div>
      ${props.differences.length > 0 && html`<table class="table">
        <thead><tr><th scope="col">${t('form.field')}</th><th scope="col">${t('form.theirs')}</th>
          <th scope="col">${t('form.mine')}</th></tr></thead>
        <tbody>${props.differences.map((/** @type {any} */ d) => html`<tr key=${d.field.name}>
          <th scope="row">${d.field.label}</th><td>${show(d.theirs)}</td><td>${show(d.mine)}</td></tr>`)}</tbody>
      </table>`}
      <div class="cluster">
        <button type="button" class="btn" onClick=${() => emit('mine')}>${t('form.keepMine')}</button>
        <button type="button" class="btn" onClick=${() => emit('theirs')}>${t('form.takeTheirs')}</button>
      </div>
    </section>`;
  },
};
