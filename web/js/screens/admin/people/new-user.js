// @ts-check
import { nextTick, reactive, ref, shallowRef, useId } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { Field, focusFirstError } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { spreadFaults } from './faults.js';
import { PasswordField } from './password-field.js';
import { USERS } from './use-users.js';
import { userFields } from './user-fields.js';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** How the new account gets its password. */
const WAYS = ['made', 'given', 'none'];

/** Makes an account. Emits `created` with the user, and the password when the server made one up. */
export const NewUser = {
  emits: ['close', 'created'],
  /** @param {any} _ @param {any} context */
  setup(_, { emit }) {
    const form = reactive(/** @type {Record<string, string>} */ ({ name: '', email: '', role: 'registrar', status: 'active', password: '' }));
    const way = ref('made');
    const errors = reactive(/** @type {Record<string, string>} */ ({}));
    const problem = shallowRef(/** @type {any} */ (null));
    /** The account is there, but its password is not. @type {import('../../../core/vue.js').ShallowRef<any>} */
    const half = shallowRef(null);
    const busy = ref(false);
    const asking = ref(false);
    const element = ref(/** @type {HTMLFormElement | null} */ (null));
    const formId = useId();
    const fields = () => userFields(form.role).filter(({ name }) => name !== 'status');

    const check = () => {
      for (const { name, label, required } of fields()) {
        if (required && !form[name].trim()) errors[name] = t('form.required', { label });
      }
      if (!errors.email && !EMAIL.test(form.email.trim())) errors.email = t('form.email');
      if (way.value === 'given' && !form.password) errors.password = t('form.required', { label: t('newUser.password') });
      return Object.keys(errors).length === 0;
    };
    const create = async () => {
      const { name, email, role, password } = form;
      const body = { name: name.trim(), email: email.trim(), role, ...(way.value === 'given' && { password }) };
      return (await client.post(USERS, body)).user;
    };
    const save = async () => {
      problem.value = null;
      busy.value = true;
      try {
        const user = half.value ?? (await create());
        if (way.value === 'made') {
          half.value = user;
          const answer = await client.post(`${USERS}/${user.id}/reset-password`, {});
          emit('created', { user, password: answer.temporary_password });
        } else {
          emit('created', { user });
        }
      } catch (error) {
        problem.value = spreadFaults(error, form, errors);
      }
      busy.value = false;
    };
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (check()) await save();
      await nextTick();
      focusFirstError(element.value);
    };
    const close = () => {
      if (half.value) emit('created', { user: half.value });
      else if (asking.value || !(form.name || form.email)) emit('close');
      else asking.value = true;
    };

    const ways = () => html`<fieldset class="field password-ways"><legend>${t('newUser.password')}</legend>
      ${WAYS.map((one) => html`<label class="choice" key=${one}>
        <input type="radio" class="radio" name="way" value=${one} checked=${way.value === one} onChange=${() => (way.value = one)} />
        <span>${t(`newUser.${one}`)}<small>${t(`newUser.${one}.text`)}</small></span></label>`)}</fieldset>
      ${way.value === 'given' && html`<${PasswordField} name="password" label=${t('newUser.password')} hint=${t('password.hint')}
        autocomplete="new-password" form=${form} errors=${errors} prefix=${formId} />`}`;

    const footer = () => asking.value
      ? html`<b class="push" role="alert">${t('form.discardQuestion')}</b>
        <button type="button" class="btn" onClick=${() => (asking.value = false)}>${t('form.keepEditing')}</button>
        <button type="button" class="btn danger" onClick=${() => emit('close')}>${t('form.discard')}</button>`
      : html`<button type="button" class="btn" onClick=${close}>${t('common.cancel')}</button>
        <button type="submit" form=${formId} class="btn primary" disabled=${busy.value}>
          ${busy.value ? t('form.saving') : t(half.value ? 'newUser.again' : 'users.add')}</button>`;

    return () => html`<${Dialog} drawer title=${t('newUser.title')} text=${t('newUser.text')} onClose=${close}>${{
      default: () => [
        problem.value && html`<${Notice} tone="bad" alert title=${t(half.value ? 'newUser.noPassword' : 'form.notSaved')}
          text=${problem.value.message} />`,
        html`<form id=${formId} ref=${element} class="form-grid" novalidate onSubmit=${submit}>
          ${fields().map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix=${formId}
            disabled=${half.value !== null} />`)}
          <p class="field hint">${t(`roleText.${form.role}`)}</p>
          ${ways()}
        </form>`,
      ],
      footer,
    }}<//>`;
  },
};
