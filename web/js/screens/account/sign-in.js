import { nextTick, onMounted, reactive, ref } from '../../core/vue.js';
import { DEMO_ADMIN } from '../../core/demo.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { info, loadInfo } from '../../core/server-info.js';
import { postponeSignIn, session, signIn } from '../../core/session.js';
import { Brand, homeLabel } from '../../ui/brand.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, focusFirstError } from '../../ui/field.js';
import { LanguageMenu } from '../../ui/language-menu.js';
import { Notice } from '../../ui/notice.js';
import { ThemeMenu } from '../../ui/theme-menu.js';
import { CodeForm } from './code-form.js';
import { DemoBanner, SetupNotice } from './banners.js';
import { PlainNotice } from './plain-notice.js';

/** What went wrong, in the words of the person who signs in. */
function explain(error) {
  if (error.status === 401) {
    const left = error.body.attempts_remaining;
    return Number.isInteger(left) ? t('signIn.wrongLeft', { n: left }) : t('signIn.wrong');
  }
  if (error.status === 429 && error.retryAfter) return t('signIn.wait', { n: error.retryAfter });
  return error.message;
}

/** The form itself; the page and the dialog below put it into their frames. */
const SignInForm = {
  props: { email: { type: String, default: '' } },
  setup(props) {
    const form = reactive({ email: props.email, password: '' });
    const errors = reactive({});
    const problem = ref('');
    /** Set when the password was right and a code is wanted. */
    const challenge = ref('');
    const busy = ref(false);
    const element = ref(null);
    const fields = () => [
      { name: 'email', label: t('signIn.email'), type: 'email', required: true, autocomplete: 'username', autofocus: !props.email },
      { name: 'password', label: t('signIn.password'), type: 'password', required: true,
        autocomplete: 'current-password', autofocus: Boolean(props.email) },
    ];
    onMounted(() => element.value.querySelector('[autofocus]').focus());

    const enter = async (email, password) => {
      busy.value = true;
      try {
        await signIn(email, password);
      } catch (error) {
        if (error.code === 'second-factor-needed') challenge.value = error.body.challenge;
        else problem.value = explain(error);
        form.password = '';
      } finally {
        busy.value = false;
      }
    };
    const submit = (event) => {
      event.preventDefault();
      problem.value = '';
      for (const { name, label } of fields()) if (!form[name].trim()) errors[name] = t('form.required', { label });
      if (Object.keys(errors).length) return nextTick(() => focusFirstError(element.value));
      return enter(form.email.trim(), form.password);
    };

    return () => challenge.value ? html`<${CodeForm} challenge=${challenge.value} onBack=${() => (challenge.value = '')} />`
      : html`<form class="stack" ref=${element} novalidate onSubmit=${submit}>
      <${PlainNotice} />
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('signIn.failed')} text=${problem.value} />`}
      ${fields().map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix="sign-in" />`)}
      <button type="submit" class="btn primary" disabled=${busy.value}>${busy.value ? t('signIn.busy') : t('signIn.submit')}</button>
      ${info.value?.demo && html`<button type="button" class="btn" disabled=${busy.value}
        onClick=${() => enter(DEMO_ADMIN.email, DEMO_ADMIN.password)}>${t('signIn.demo')}</button>`}
    </form>`;
  },
};

/** A quiet page around a single form. */
export const GatePage = ({ title, text }, { slots }) => html`<div class="gate-page">
  <${DemoBanner} />
  <header class="gate-top"><a href="/" aria-label=${homeLabel()}><${Brand} /></a>
    <div class="gate-menus"><${LanguageMenu} /><${ThemeMenu} /></div></header>
  <main id="main" class="gate">
    <div class="panel">
      <div class="body stack">
        <div><h1>${title}</h1>${text && html`<p class="soft">${text}</p>`}</div>
        ${slots.default()}
      </div>
    </div>
    <a class="link" href="/">${t('signIn.public')}</a>
  </main>
</div>`;
GatePage.props = ['title', 'text'];

/** While there is nobody who could sign in, there is no form for it either. */
export const SignInPage = () => info.value?.setup_needed
  ? html`<${GatePage} title=${t('setup.title')}>
    <${SetupNotice} />
    <button type="button" class="btn" onClick=${loadInfo}>${t('setup.again')}</button><//>`
  : html`<${GatePage} title=${t('signIn.title')} text=${t('signIn.text')}><${SignInForm} /><//>`;

/** Comes over the page when the session has ended; what was typed below stays. */
export const SignInDialog = () => html`<${Dialog} title=${t('signIn.again')} text=${t('signIn.againText')} onClose=${postponeSignIn}>
  <${SignInForm} email=${session.user?.email ?? ''} />
<//>`;
