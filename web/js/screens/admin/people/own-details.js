// @ts-check
import { computed, nextTick, onMounted, reactive, ref, shallowRef } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { fmtMoment, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { session } from '../../../core/session.js';
import { Field, focusFirstError } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { spreadFaults } from './faults.js';
import { PartState } from './part-state.js';
import { PasswordField } from './password-field.js';

/** Name and email of the person at the keyboard. The email is what they sign in with: to change it the password is asked for. */
export const OwnDetails = {
  setup() {
    const form = reactive({ name: '', email: '', current_password: '' });
    const errors = reactive(/** @type {Record<string, string>} */ ({}));
    const problem = shallowRef(/** @type {any} */ (null));
    const done = ref('');
    const busy = ref(false);
    const element = ref(/** @type {HTMLFormElement | null} */ (null));
    const part = usePart((signal) => read('/api/auth/me', { signal }));
    const user = computed(() => part.value.value?.user ?? null);
    const changes = computed(() => Object.fromEntries(['name', 'email']
      .map((name) => [name, form[/** @type {'name'} */ (name)].trim()])
      .filter(([name, text]) => text !== user.value?.[name])));
    const newEmail = computed(() => 'email' in changes.value);

    const take = (/** @type {any} */ answer) => {
      part.value.value = answer;
      Object.assign(form, { name: answer.user.name, email: answer.user.email, current_password: '' });
    };
    const load = async () => {
      await part.load();
      if (part.value.value) take(part.value.value);
    };
    onMounted(load);

    const fields = () => [
      { name: 'name', label: t('profile.name'), required: true, max: 100, autocomplete: 'name' },
      { name: 'email', label: t('profile.email'), type: 'email', required: true, max: 254, autocomplete: 'email' },
    ];
    const check = () => {
      for (const { name, label } of fields()) {
        if (!form[/** @type {'name'} */ (name)].trim()) errors[name] = t('form.required', { label });
      }
      if (newEmail.value && !form.current_password) errors.current_password = t('profile.passwordNeeded');
      return Object.keys(errors).length === 0;
    };
    const send = async () => {
      busy.value = true;
      try {
        const body = newEmail.value ? { ...changes.value, current_password: form.current_password } : changes.value;
        const answer = await client.put('/api/auth/me', body);
        client.setTokens(/** @type {string} */ (client.token), undefined, answer.user);
        session.user = answer.user;
        done.value = t(newEmail.value ? 'profile.savedEmail' : 'profile.saved', { email: answer.user.email });
        take(answer);
      } catch (error) {
        problem.value = spreadFaults(error, form, errors);
      }
      busy.value = false;
    };
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      problem.value = null;
      done.value = '';
      if (!Object.keys(changes.value).length) done.value = t('profile.nothing');
      else if (check()) await send();
      await nextTick();
      focusFirstError(element.value);
    };

    const facts = () => html`<dl class="facts">
      <div><dt>${t('profile.role')}</dt><dd>${t(`role.${user.value.role}`)}</dd></div>
      <div><dt>${t('profile.lastLogin')}</dt><dd>${orDash(fmtMoment(user.value.lastLogin))}</dd></div>
      <div><dt>${t('profile.since')}</dt><dd>${orDash(fmtMoment(user.value.createdAt))}</dd></div>
    </dl>`;

    const body = () => html`<form class="body stack" ref=${element} novalidate onSubmit=${submit}>
      ${done.value && html`<${Notice} tone="ok" alert title=${done.value} />`}
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('form.notSaved')} text=${problem.value.message} />`}
      ${fields().map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix="me" />`)}
      ${newEmail.value && html`<${PasswordField} name="current_password" label=${t('password.current')} hint=${t('profile.passwordWhy')}
        autocomplete="current-password" form=${form} errors=${errors} prefix="me" />`}
      <button type="submit" class="btn primary start" disabled=${busy.value}>${t(busy.value ? 'form.saving' : 'form.save')}</button>
      <div class="ruled facts-below">${facts()}</div>
    </form>`;

    return () => html`<section class="panel" aria-labelledby="own-details">
      <header><h2 id="own-details">${t('profile.details')}</h2></header>
      ${user.value ? body() : html`<${PartState} part=${{ ...part, load }} title=${t('profile.failed')} />`}
    </section>`;
  },
};
