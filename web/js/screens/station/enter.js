import { nextTick, onMounted, reactive, ref } from '../../core/vue.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Field, focusFirstError } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { loadBoard } from './board.js';
import { sendNow } from './outbox.js';
import { enter, visit } from './visit.js';

/** The only question before the work: a name, for the record of who entered what. */
export const EnterForm = {
  setup() {
    const form = reactive({ name: visit.person });
    const errors = reactive({});
    const problem = ref('');
    const busy = ref(false);
    const element = ref(null);
    onMounted(() => element.value.querySelector('input').focus());

    const submit = async (event) => {
      event.preventDefault();
      if (!form.name.trim()) errors.name = t('form.required', { label: t('station.name') });
      if (errors.name) return nextTick(() => focusFirstError(element.value));
      busy.value = true;
      problem.value = '';
      try {
        await enter(form.name.trim());
        await loadBoard().catch(() => {});
        sendNow();
      } catch (error) {
        problem.value = error.status === 0 ? t('station.awayText') : error.message;
      } finally {
        busy.value = false;
      }
    };

    const field = () => ({ name: 'name', label: t('station.name'), hint: t('station.nameHint'), max: 60, required: true, autocomplete: 'name' });
    return () => html`<main class="station-gate" tabindex="-1"><form class="panel station-enter" ref=${element} novalidate onSubmit=${submit}>
      <h1>${t('station.title')}</h1>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('station.notEntered')} text=${problem.value} />`}
      <${Field} field=${field()} form=${form} errors=${errors} prefix="station" />
      <button type="submit" class="btn primary" disabled=${busy.value}>${t('station.enter')}</button>
    </form></main>`;
  },
};
