import { ref, shallowRef, watch } from '../../../../core/vue.js';
import { amounts } from '../../../../core/amounts.js';
import { client, read } from '../../../../core/api.js';
import { dashboard, dataChanged } from '../../../../core/dashboard.js';
import { fmtMoment } from '../../../../core/format.js';
import { html } from '../../../../core/html.js';
import { t } from '../../../../core/i18n.js';
import { usePart } from '../../../../core/part.js';
import { icon } from '../../../../ui/icon.js';
import { Notice } from '../../../../ui/notice.js';
import { toast } from '../../../../ui/toast.js';

const STEP = 10;

/** Takes a merge back; rejects with what stands in the way. */
export async function undoMerge(merge) {
  await client.post(`/api/athletes/merges/${merge.id}/undo`);
  toast(t('merge.undoDone', { name: merge.fromName }));
  dataChanged();
}

/** What was merged lately, each with the way back. */
export const Merges = {
  setup() {
    const shown = ref(STEP);
    const part = usePart((signal) => read('/api/athletes/merges', { query: { perPage: shown.value }, signal }));
    watch([() => dashboard.revision, shown], part.load, { immediate: true });

    /** The merge that could not be taken back, and why. */
    const refusal = shallowRef(null);
    const busy = ref(0);
    const undo = async (merge) => {
      busy.value = merge.id;
      refusal.value = null;
      try {
        await undoMerge(merge);
      } catch (error) {
        refusal.value = { id: merge.id, text: error.body?.obstacles?.join(' ') || error.message };
      }
      busy.value = 0;
    };

    const line = (merge) => html`<li key=${merge.id}>
      <div class="grow"><b>${t('merge.line', { kept: merge.keptName, from: merge.fromName })}</b>
        <small>${t('merge.by', { name: merge.userName ?? '', when: fmtMoment(merge.createdAt) })} ·
          ${t('merge.moved', { list: amounts(merge.moved) })}</small></div>
      ${merge.state === 'undone' ? html`<span class="badge">${t('merge.undone')}</span>`
        : html`<button type="button" class="btn" disabled=${busy.value === merge.id} onClick=${() => undo(merge)}>
            ${icon('undo')}${t('merge.undo')}</button>`}
      ${refusal.value?.id === merge.id && html`<${Notice} tone="bad" alert title=${t('merge.notUndone')} text=${refusal.value.text} />`}
    </li>`;

    return () => {
      const { value, error } = part;
      return html`<section class="panel" aria-labelledby="merges-title">
        <header><h2 id="merges-title">${t('merge.recent')}</h2></header>
        ${error.value && html`<div class="body"><${Notice} tone="bad" alert title=${t('merge.recentFailed')} text=${error.value.message}>
          <button type="button" class="btn" onClick=${part.load}>${t('common.retry')}</button><//></div>`}
        ${!value.value && !error.value && html`<div class="body"><div class="skeleton"></div></div>`}
        ${value.value?.total === 0 && html`<div class="body soft">${t('merge.noRecent')}</div>`}
        <ul class="rows">${value.value?.merges.map(line)}</ul>
        ${value.value && value.value.merges.length < value.value.total && html`<footer><button type="button" class="btn"
          onClick=${() => (shown.value += STEP)}>${t('merge.older')}</button></footer>`}
      </section>`;
    };
  },
};
