import { nextTick, reactive, ref } from '../../core/vue.js';
import { client } from '../../core/api.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { go, route } from '../../core/router.js';
import { info, loadInfo } from '../../core/server-info.js';
import { signIn } from '../../core/session.js';
import { Field, focusFirstError } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { GatePage, SignInPage } from './sign-in.js';
import { SetupNotice } from './banners.js';

/** Makes the first administrator with the one-time link that the server prints on its console. */
export const SetupPage = {
  setup() {
    const token = route.value.query.get('token');
    const form = reactive({ name: '', email: '', password: '', repeat: '' });
    const errors = reactive({});
    const problem = ref(null);
    const busy = ref(false);
    const element = ref(null);
    const fields = () => [
      { name: 'name', label: t('setup.name'), required: true, max: 100, autocomplete: 'name' },
      { name: 'email', label: t('setup.email'), type: 'email', required: true, autocomplete: 'username' },
      { name: 'password', label: t('setup.password'), type: 'password', required: true, hint: t('setup.passwordHint'),
        autocomplete: 'new-password' },
      { name: 'repeat', label: t('setup.repeat'), type: 'password', required: true, autocomplete: 'new-password' },
    ];

    const check = () => {
      for (const { name, label } of fields()) if (!form[name].trim()) errors[name] = t('form.required', { label });
      if (form.repeat && form.repeat !== form.password) errors.repeat = t('setup.different');
      return Object.keys(errors).length === 0;
    };
    const explain = (error) => {
      const known = error.errors.filter((e) => e.field in form);
      for (const { field, message } of known) errors[field] = message;
      problem.value = known.length ? null : error;
    };
    const submit = async (event) => {
      event.preventDefault();
      problem.value = null;
      if (check()) {
        busy.value = true;
        try {
          const { name, email, password } = form;
          await client.post('/api/setup', { token, name: name.trim(), email: email.trim(), password });
          await signIn(email.trim(), password);
          await loadInfo();
          return go('/admin', { replace: true });
        } catch (error) {
          explain(error);
        } finally {
          busy.value = false;
        }
      }
      await nextTick();
      focusFirstError(element.value);
    };

    const body = () => {
      if (!token) return html`<${SetupNotice} />`;
      return html`<form class="stack" ref=${element} novalidate onSubmit=${submit}>
        ${problem.value && html`<${Notice} tone="bad" alert title=${t('setup.failed')} text=${problem.value.message} />`}
        ${fields().map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix="setup" />`)}
        <button type="submit" class="btn primary" disabled=${busy.value}>${busy.value ? t('setup.busy') : t('setup.submit')}</button>
      </form>`;
    };
    // Once an administrator exists the link is spent, and what its visitor wants is to sign in.
    return () => info.value?.setup_needed === false
      ? html`<${SignInPage} />`
      : html`<${GatePage} title=${t('setup.title')} text=${t('setup.text')}>${body()}<//>`;
  },
};
