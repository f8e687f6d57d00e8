import { nextTick, reactive, ref } from '../../core/vue.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { confirmPassword, session, settlePassword } from '../../core/session.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, focusFirstError } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';

/** Comes over the page when something needs the password again; then it goes on by itself. */
export const ConfirmPassword = {
  setup() {
    const form = reactive({ password: '' });
    const errors = reactive({});
    const problem = ref('');
    const busy = ref(false);
    const element = ref(null);
    const submit = async (event) => {
      event.preventDefault();
      busy.value = true;
      problem.value = '';
      try {
        if (form.password) await confirmPassword(form.password);
        else errors.password = t('form.required', { label: t('signIn.password') });
      } catch (error) {
        if (error.errors.length) errors.password = error.message;
        else problem.value = error.status === 429 && error.retryAfter ? t('signIn.wait', { n: error.retryAfter }) : error.message;
        form.password = '';
      }
      busy.value = false;
      await nextTick();
      focusFirstError(element.value);
    };
    const field = () => ({ name: 'password', label: t('signIn.password'), type: 'password', autocomplete: 'current-password', autofocus: true });
    return () => html`<${Dialog} title=${t('confirm.title')} text=${t('confirm.text')} onClose=${() => settlePassword(false)}>${{
      default: () => html`<form class="stack" id="confirm-password" ref=${element} novalidate onSubmit=${submit}>
        ${problem.value && html`<${Notice} tone="bad" alert title=${t('confirm.failed')} text=${problem.value} />`}
        <input class="sr" type="email" name="username" autocomplete="username" value=${session.user?.email ?? ''} tabindex="-1" readonly aria-hidden="true" />
        <${Field} field=${field()} form=${form} errors=${errors} prefix="confirm" />
      </form>`,
      footer: () => html`<button type="button" class="btn" onClick=${() => settlePassword(false)}>${t('common.cancel')}</button>
        <button type="submit" form="confirm-password" class="btn primary" disabled=${busy.value}>${t('confirm.submit')}</button>`,
    }}<//>`;
  },
};
