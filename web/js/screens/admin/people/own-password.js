// @ts-check
import { nextTick, reactive, ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { session } from '../../../core/session.js';
import { focusFirstError } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { spreadFaults } from './faults.js';
import { PasswordField } from './password-field.js';

/** Changes one's own password. Emits `changed`, as every other session has ended then. */
export const OwnPassword = {
  emits: ['changed'],
  /** @param {any} _ @param {any} context */
  setup(_, { emit }) {
    const form = reactive({ current_password: '', new_password: '' });
    const errors = reactive(/** @type {Record<string, string>} */ ({}));
    const problem = shallowRef(/** @type {any} */ (null));
    const done = ref(false);
    const busy = ref(false);
    const element = ref(/** @type {HTMLFormElement | null} */ (null));
    const fields = () => [
      { name: 'current_password', label: t('password.current'), autocomplete: 'current-password' },
      { name: 'new_password', label: t('password.new'), autocomplete: 'new-password', hint: t('password.hint') },
    ];

    const check = () => {
      for (const { name, label } of fields()) {
        if (!form[/** @type {'new_password'} */ (name)]) errors[name] = t('form.required', { label });
      }
      return Object.keys(errors).length === 0;
    };
    const send = async () => {
      busy.value = true;
      try {
        const answer = await client.post('/api/auth/change-password', { ...form });
        client.setTokens(answer.access_token, answer.refresh_token, answer.user);
        session.user = answer.user;
        Object.assign(form, { current_password: '', new_password: '' });
        done.value = true;
        emit('changed');
      } catch (error) {
        problem.value = spreadFaults(error, form, errors);
      }
      busy.value = false;
    };
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      problem.value = null;
      done.value = false;
      if (check()) await send();
      await nextTick();
      focusFirstError(element.value);
    };

    return () => html`<section class="panel" aria-labelledby="own-password">
      <header><h2 id="own-password">${t('password.title')}</h2></header>
      <form class="body stack" ref=${element} novalidate onSubmit=${submit}>
        ${done.value && html`<${Notice} tone="ok" alert title=${t('password.changed')} text=${t('password.changedText')} />`}
        ${problem.value && html`<${Notice} tone="bad" alert title=${t('password.notChanged')} text=${problem.value.message} />`}
        <input class="sr" type="email" name="username" autocomplete="username" value=${session.user?.email ?? ''} tabindex="-1"
          readonly aria-hidden="true" />
        ${fields().map((field) => html`<${PasswordField} key=${field.name} ...${field} form=${form} errors=${errors} prefix="own" />`)}
        <button type="submit" class="btn primary start" disabled=${busy.value}>
          ${t(busy.value ? 'form.saving' : 'password.change')}</button>
      </form>
    </section>`;
  },
};
