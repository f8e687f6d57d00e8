// @ts-check
import { onMounted, ref, watch } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { dataChanged } from '../../../core/dashboard.js';
import { fmtDay, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Notice } from '../../../ui/notice.js';
import { SettingRow } from './setting-row.js';

/** Whose contact data is due by what is saved, and the button that removes it: the number is shown first, then asked about. */
export const DueContacts = {
  props: { days: { type: Number, required: true } },
  /** @param {{ days: number }} props */
  setup(props) {
    const part = usePart((signal) => read('/api/admin/privacy/due', { signal }));
    const asking = ref(false);
    const busy = ref(false);
    const done = ref('');
    const problem = ref('');
    onMounted(() => void part.load());
    watch(() => props.days, () => void part.load());

    const remove = async () => {
      busy.value = true;
      problem.value = '';
      try {
        const { removed } = await client.post('/api/admin/privacy/remove-due', { count: part.value.value.due.count });
        done.value = t('contacts.removed', { n: removed });
        dataChanged();
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
      }
      asking.value = false;
      busy.value = false;
      void part.load();
    };

    const buttons = () => (asking.value
      ? html`<b role="alert">${t('contacts.question')}</b>
        <button type="button" class="btn" onClick=${() => (asking.value = false)}>${t('common.cancel')}</button>
        <button type="button" class="btn danger solid" disabled=${busy.value} onClick=${remove}>${t('contacts.remove')}</button>`
      : html`<button type="button" class="btn danger" onClick=${() => (asking.value = true)}>${t('contacts.remove')}</button>`);
    const state = () => {
      const due = part.value.value?.due;
      if (!part.value.value) return null;
      if (!due) return html`<p>${t('contacts.off')}</p>`;
      if (due.count === 0) return html`<p>${t('contacts.none')}</p>`;
      return html`<p>${t('contacts.due', { n: due.count, day: fmtDay(due.until) })}</p><div class="cluster">${buttons()}</div>`;
    };

    return () => html`<${SettingRow} group label=${t('contacts.label')}>
      ${state()}
      ${part.error.value && html`<${Notice} tone="bad" title=${t('settings.failed')} text=${part.error.value.message} />`}
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('contacts.failed')} text=${problem.value} />`}
      ${done.value && html`<${Notice} tone="ok" alert title=${done.value} />`}
      <a class="link small" href="/privacy" target="_blank">${t('contacts.page')}</a>
    <//>`;
  },
};
