// @ts-check
import { nextTick, onMounted, ref, useId } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { useEntityForm } from '../../../core/entity-form.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { session } from '../../../core/session.js';
import { Dialog } from '../../../ui/dialog.js';
import { Conflict } from '../../../ui/entity-conflict.js';
import { Field, focusFirstError } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { AthleteAccount } from './athlete-account.js';
import { CoachAthletes } from './coach-athletes.js';
import { FactorOff } from './factor-off.js';
import { UserSessions } from './user-sessions.js';
import { USERS } from './use-users.js';
import { userFields } from './user-fields.js';

/**
 * One account: its fields are saved together; its password, devices and athletes are things to do at once. Emits `done` with what
 * happened to the account, `changed` when something beside its fields has, and `password` with a made-up one.
 */
export const UserDrawer = {
  props: { id: { type: Number, required: true }, locked: Boolean },
  emits: ['close', 'done', 'changed', 'password'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const fields = userFields('admin');
    const entity = useEntityForm({ path: USERS, singular: 'user', fields, id: props.id });
    const { form, stored, storedName, errors, problem, conflict, state, dirty } = entity;
    const formId = useId();
    const element = ref(/** @type {HTMLFormElement | null} */ (null));
    const asking = ref(/** @type {'' | 'discard' | 'delete'} */ (''));
    const reset = ref(/** @type {'' | 'asking' | 'busy'} */ (''));
    const resetProblem = ref('');
    onMounted(async () => {
      await entity.load();
      await nextTick();
      const first = element.value?.querySelector('.input');
      if (first instanceof HTMLElement) first.focus();
    });

    /** Only administrators touch administrators: nothing is offered that the server refuses. */
    const readonly = () => stored.value?.role === 'admin' && session.user?.role !== 'admin';
    const close = () => {
      if (asking.value) asking.value = '';
      else if (dirty.value) asking.value = 'discard';
      else emit('close');
    };
    const save = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!dirty.value) return emit('close');
      const row = await entity.save();
      if (row) emit('done', { what: 'changed', row });
      else void nextTick(() => focusFirstError(element.value));
    };
    const remove = async () => {
      const name = storedName.value;
      if (await entity.remove(false)) emit('done', { what: 'deleted', row: { name } });
    };
    const setPassword = async () => {
      reset.value = 'busy';
      resetProblem.value = '';
      try {
        const answer = await client.post(`${USERS}/${props.id}/reset-password`, {});
        emit('password', { name: storedName.value, email: form.email, password: answer.temporary_password });
        emit('changed');
      } catch (/** @type {any} */ error) {
        resetProblem.value = error.message;
      }
      reset.value = '';
    };

    const password = () => html`<section class="drawer-part" aria-labelledby="user-password">
      <h3 id="user-password">${t('users.password')}</h3>
      ${(props.locked || stored.value?.hasPassword === false) && html`<${Notice} tone="warn" title=${t('users.cannotSignIn')}
        text=${t('users.cannotSignInText')} />`}
      ${resetProblem.value && html`<${Notice} tone="bad" alert title=${t('password.notChanged')} text=${resetProblem.value} />`}
      <p class="soft">${t(reset.value ? 'users.resetQuestion' : 'users.resetText')}</p>
      <div class="cluster">${reset.value ? html`
        <button type="button" class="btn" onClick=${() => (reset.value = '')}>${t('common.cancel')}</button>
        <button type="button" class="btn primary" disabled=${reset.value === 'busy'} onClick=${setPassword}>${t('users.resetDo')}</button>`
        : html`<button type="button" class="btn" onClick=${() => (reset.value = 'asking')}>${t('users.reset')}</button>`}</div>
    </section>`;

    /** What can be done with the account beside its fields. */
    const besides = () => {
      if (readonly()) return html`<${Notice} tone="info" title=${t('users.adminsOnly')} />`;
      if (props.id !== session.user?.id) return [password(), stored.value?.twoFactorEnabled && html`<${FactorOff} id=${props.id} name=${storedName.value} />`,
        html`<${UserSessions} id=${props.id} name=${storedName.value} />`];
      return html`<section class="drawer-part"><p class="soft">${t('users.self')}
        <a class="link" href="/admin/profile">${t('profile.title')}</a></p></section>`;
    };
    const body = () => [
      problem.value && html`<${Notice} tone="bad" alert title=${t(state.value === 'missing' ? 'form.notLoaded' : 'form.notSaved')}
        text=${problem.value.message} />`,
      conflict.value && html`<${Conflict} differences=${conflict.value.differences} onSettle=${entity.settle} />`,
      state.value === 'loading' && html`<div class="skeleton tall"></div>`,
      (state.value === 'ready' || state.value === 'saving') && html`<form id=${formId} ref=${element} class="form-grid" novalidate
          onSubmit=${save}>
          ${fields.map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix=${formId}
            disabled=${readonly()} />`)}
          <p class="field hint">${t(form.status === 'active' ? `roleText.${form.role}` : 'users.suspendedText')}</p>
        </form>
        ${form.role === 'coach' && html`<${CoachAthletes} id=${props.id} onChanged=${() => emit('changed')} />`}
        ${form.role === 'athlete' && html`<${AthleteAccount} id=${props.id} />`}
        ${besides()}`,
    ];

    const footer = () => {
      if (asking.value) {
        const deleting = asking.value === 'delete';
        const question = deleting ? t('form.deleteQuestion', { name: storedName.value }) : t('form.discardQuestion');
        return html`<b class="push" role="alert">${question}</b>
          <button type="button" class="btn" onClick=${() => (asking.value = '')}>
            ${t(deleting ? 'common.cancel' : 'form.keepEditing')}</button>
          <button type="button" class=${['btn danger', deleting && 'solid']} disabled=${state.value === 'saving'}
            onClick=${deleting ? remove : () => emit('close')}>${t(deleting ? 'form.delete' : 'form.discard')}</button>`;
      }
      if (state.value === 'missing' || readonly()) {
        return html`<button type="button" class="btn" onClick=${() => emit('close')}>${t('common.close')}</button>`;
      }
      return html`<button type="button" class="btn ghost danger push" onClick=${() => (asking.value = 'delete')}>
          ${t('form.delete')}</button>
        <button type="button" class="btn" onClick=${close}>${t('common.cancel')}</button>
        <button type="submit" form=${formId} class="btn primary" disabled=${state.value !== 'ready' || conflict.value !== null}>
          ${t(state.value === 'saving' ? 'form.saving' : 'form.save')}</button>`;
    };
    return () => html`<${Dialog} drawer title=${storedName.value || t('users.one')} onClose=${close}>${{ default: body, footer }}<//>`;
  },
};
