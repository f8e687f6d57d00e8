import { ref } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { demoAddress } from '../../../core/demo.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { setQuery } from '../../../core/router.js';
import { loadInfo } from '../../../core/server-info.js';
import { signIn } from '../../../core/session.js';
import { Field } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { useForm } from './use-form.js';

/** Who are you? Makes the first administrator with the one-time link, or shows a demo first. */
export const AdministratorStep = {
  props: { token: { type: String, required: true } },
  setup(props) {
    const fields = () => [
      { name: 'name', label: t('setup.name'), required: true, max: 100, autocomplete: 'name' },
      { name: 'email', label: t('setup.email'), type: 'email', required: true, autocomplete: 'username' },
      { name: 'password', label: t('setup.password'), type: 'password', required: true, hint: t('setup.passwordHint'),
        autocomplete: 'new-password' },
      { name: 'repeat', label: t('setup.repeat'), type: 'password', required: true, autocomplete: 'new-password' },
    ];
    const send = async ({ name, email, password }) => {
      const person = { name: name.trim(), email: email.trim(), password };
      await client.post('/api/setup', { token: props.token, ...person });
      setQuery({ step: 'meet' }, { replace: true }); // before the session is there, with which the next question comes
      await signIn(person.email, password);
      await loadInfo();
    };
    const state = useForm({ name: '', email: '', password: '', repeat: '' }, {
      fields,
      send,
      check: (errors) => {
        if (state.form.repeat && state.form.repeat !== state.form.password) errors.repeat = t('setup.different');
      },
    });
    const { form, errors, problem, busy, element, submit } = state;

    const starting = ref(false);
    const tryDemo = async () => {
      starting.value = true;
      problem.value = null;
      try {
        const { demo } = await client.post('/api/setup/demo', { token: props.token });
        return location.assign(demoAddress(demo.port));
      } catch (error) {
        problem.value = error;
      }
      starting.value = false;
      return undefined;
    };

    return () => html`<form class="stack" ref=${element} novalidate onSubmit=${submit}>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('setup.failed')} text=${problem.value.message} />`}
      ${fields().map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix="setup" />`)}
      <button type="submit" class="btn primary" disabled=${busy.value}>${t(busy.value ? 'setup.busy' : 'setup.submit')}</button>
      <button type="button" class="btn" disabled=${starting.value} onClick=${tryDemo}>
        ${t(starting.value ? 'setup.demoStarting' : 'setup.demo')}</button>
      <p class="soft small">${t('setup.demoText')}</p>
    </form>`;
  },
};
