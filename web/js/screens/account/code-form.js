import { onMounted, reactive, ref } from '../../core/vue.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { signInWithCode } from '../../core/session.js';
import { Field } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';

/** The second step of signing in. Emits `back` when the password has to be given again. */
export const CodeForm = {
  props: { challenge: { type: String, required: true } },
  emits: ['back'],
  setup(props, { emit }) {
    const form = reactive({ code: '' });
    const errors = reactive({});
    const problem = ref('');
    const busy = ref(false);
    const element = ref(null);
    onMounted(() => element.value.querySelector('input').focus());

    const submit = async (event) => {
      event.preventDefault();
      if (!form.code.trim()) return (errors.code = t('form.required', { label: t('signIn.code') }));
      busy.value = true;
      problem.value = '';
      try {
        await signInWithCode(props.challenge, form.code);
      } catch (error) {
        if (error.code === 'challenge-expired') emit('back');
        problem.value = error.status === 429 && error.retryAfter ? t('signIn.wait', { n: error.retryAfter }) : error.message;
        form.code = '';
        element.value?.querySelector('input').focus();
      } finally {
        busy.value = false;
      }
    };
    const field = () => ({ name: 'code', label: t('signIn.code'), hint: t('signIn.codeHint'), autocomplete: 'one-time-code', max: 30 });
    return () => html`<form class="stack" ref=${element} novalidate onSubmit=${submit}>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('signIn.failed')} text=${problem.value} />`}
      <${Field} field=${field()} form=${form} errors=${errors} prefix="sign-in" />
      <button type="submit" class="btn primary" disabled=${busy.value}>${t('signIn.submit')}</button>
      <button type="button" class="btn ghost" onClick=${() => emit('back')}>${t('signIn.back')}</button>
    </form>`;
  },
};
