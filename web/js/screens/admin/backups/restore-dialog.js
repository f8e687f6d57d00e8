import { ref, shallowRef, useId } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { Notice } from '../../../ui/notice.js';

/** Going back to a backup takes everything newer away: it wants its name, typed. */
export const RestoreDialog = {
  props: { backup: Object, path: String },
  emits: ['close', 'done'],
  setup(props, { emit }) {
    const typed = ref('');
    const busy = ref(false);
    const wrong = ref(false);
    const problem = shallowRef(null);
    const formId = useId();
    const close = () => busy.value || emit('close');
    const restore = async (event) => {
      event.preventDefault();
      wrong.value = typed.value.trim() !== props.backup.name;
      if (wrong.value) return;
      busy.value = true;
      problem.value = null;
      try {
        await client.post(`${props.path}/${props.backup.id}/restore`, { confirm: props.backup.name }, { timeout: 0 });
        emit('done');
      } catch (error) {
        problem.value = error;
      } finally {
        busy.value = false;
      }
    };
    const text = t('restore.text', { time: fmtMoment(props.backup.created_at) });
    return () => html`<${Dialog} title=${t('restore.title')} text=${text} onClose=${close}>${{
      default: () => html`<form id=${formId} class="stack" novalidate onSubmit=${restore}>
        ${problem.value && html`<${Notice} tone="bad" alert title=${t('restore.failed')} text=${problem.value.message} />`}
        <${Notice} tone="warn" title=${t('restore.warning')} text=${t('restore.warningText')} />
        <div class="field"><label for=${`${formId}-name`}>${t('restore.confirm')} <b class="path">${props.backup.name}</b></label>
          <input class="input" id=${`${formId}-name`} value=${typed.value} autocomplete="off" autofocus spellcheck="false"
            aria-invalid=${wrong.value ? 'true' : null} aria-describedby=${wrong.value ? `${formId}-about` : null}
            onInput=${(event) => { typed.value = event.target.value; wrong.value = false; }} />
          ${wrong.value && html`<span class="err" id=${`${formId}-about`}>${t('restore.wrong')}</span>`}</div>
      </form>`,
      footer: () => html`<button type="button" class="btn" disabled=${busy.value} onClick=${close}>${t('common.cancel')}</button>
        <button type="submit" form=${formId} class="btn danger solid" disabled=${busy.value}>
          ${t(busy.value ? 'restore.busy' : 'restore.do')}</button>`,
    }}<//>`;
  },
};
