import { ref, shallowRef, watch } from '../../../../core/vue.js';
import { amounts } from '../../../../core/amounts.js';
import { read } from '../../../../core/api.js';
import { dashboard, dataChanged } from '../../../../core/dashboard.js';
import { html } from '../../../../core/html.js';
import { t } from '../../../../core/i18n.js';
import { usePart } from '../../../../core/part.js';
import { Empty } from '../../../../ui/empty.js';
import { icon } from '../../../../ui/icon.js';
import { Notice } from '../../../../ui/notice.js';
import { toast } from '../../../../ui/toast.js';
import { hidePair, hiddenPairs, showAllPairs } from './hidden-pairs.js';
import { Merges, undoMerge } from './merges.js';
import { Pair } from './pair.js';

const STEP = 20;

/** Athletes who may be one person, pair by pair, the surest first; below, what was merged lately. */
export const Screen = {
  setup() {
    const asked = ref(STEP);
    const part = usePart((signal) => read('/api/athletes/duplicates', { query: { perPage: asked.value + hiddenPairs.value.size }, signal }));
    watch([() => dashboard.revision, asked], part.load, { immediate: true });
    const notUndone = shallowRef(null);

    const merged = ({ merge }) => {
      const undo = () => undoMerge(merge).catch((error) => {
        notUndone.value = error.body?.obstacles?.join(' ') || error.message;
      });
      toast(t('merge.done', { name: merge.keptName }), { text: t('merge.moved', { list: amounts(merge.moved) }), undo });
      dataChanged();
    };

    const pairs = () => part.value.value.duplicates.filter(({ id }) => !hiddenPairs.value.has(id));
    const hiddenCount = () => part.value.value.duplicates.filter(({ id }) => hiddenPairs.value.has(id)).length;

    const list = () => {
      const { total, duplicates } = part.value.value;
      if (!total) return html`<div class="panel"><${Empty} title=${t('merge.none')} text=${t('merge.noneText')} /></div>`;
      if (!pairs().length && duplicates.length >= total) {
        return html`<div class="panel"><${Empty} title=${t('merge.noneLeft')} text=${t('merge.noneLeftText')} /></div>`;
      }
      return html`<p class="muted" role="status">${t('merge.count', { n: total - hiddenCount() })}</p>
        ${pairs().map((pair) => html`<${Pair} key=${pair.id} pair=${pair} onMerged=${merged} onTwo=${hidePair} />`)}
        ${duplicates.length < total && html`<button type="button" class="btn start" disabled=${part.busy.value}
          onClick=${() => (asked.value += STEP)}>${t('merge.older')}</button>`}`;
    };

    return () => html`<div class="page">
      <div class="page-head">
        <div><h1>${t('merge.title')}</h1><p>${t('merge.text')}</p></div>
        <a class="btn" href="/admin/athletes">${icon('people')}${t('merge.back')}</a>
      </div>
      ${notUndone.value && html`<${Notice} tone="bad" alert title=${t('merge.notUndone')} text=${notUndone.value}>
        <button type="button" class="btn" onClick=${() => (notUndone.value = null)}>${t('common.close')}</button><//>`}
      ${part.error.value && html`<${Notice} tone="bad" alert title=${t('merge.failed')} text=${part.error.value.message}>
        <button type="button" class="btn" onClick=${part.load}>${t('common.retry')}</button><//>`}
      ${!part.value.value && !part.error.value && html`<div class="panel"><div class="body"><div class="skeleton tall"></div></div></div>`}
      ${part.value.value && hiddenCount() > 0 && html`<${Notice} title=${t('merge.hidden', { n: hiddenCount() })}>
        <button type="button" class="btn" onClick=${showAllPairs}>${t('merge.showHidden')}</button><//>`}
      ${part.value.value && list()}
      <${Merges} />
    </div>`;
  },
};
