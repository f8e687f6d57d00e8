import { nextTick, onUnmounted, ref, shallowRef, watch } from '../../core/vue.js';
import { client, isAbort, read } from '../../core/api.js';
import { dashboard, dataChanged } from '../../core/dashboard.js';
import { fmtMoment, fmtNumber, orDash } from '../../core/format.js';
import { html } from '../../core/html.js';
import { hasText, t } from '../../core/i18n.js';
import { icon } from '../../ui/icon.js';
import { Notice } from '../../ui/notice.js';
import { toast } from '../../ui/toast.js';
import { countOf } from './import-report.js';

const SHOWN = 5;
const COLUMNS = 6;
const TONES = { running: 'info', success: 'ok', partial: 'warn', failed: 'bad', interrupted: 'bad', undone: '' };

/** How many rows an import added or changed. */
const keptBy = ({ report }) => (report ? countOf(report, 'imported') + countOf(report, 'updated') : 0);

const isUndoable = (entry) => ['success', 'partial'].includes(entry.state) && keptBy(entry) > 0;

/** The latest imports with what became of their rows, and the way back. */
export const ImportHistory = {
  setup() {
    const imports = shallowRef(null);
    const problem = shallowRef(null);
    const asking = ref(0); // the import that is to be taken back
    const busy = ref(false);
    const refusal = shallowRef(null);
    const element = ref(null);
    const controller = new AbortController();
    onUnmounted(() => controller.abort());
    const load = async () => {
      try {
        const answer = await read('/api/admin/imports', { query: { perPage: SHOWN }, signal: controller.signal });
        imports.value = answer.imports;
        problem.value = null;
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      }
    };
    watch(() => dashboard.revision, load, { immediate: true });

    /** The question stands where the button was; the keyboard goes to its harmless answer. */
    const ask = async (id) => {
      asking.value = id;
      refusal.value = null;
      await nextTick();
      element.value.querySelector('.question button')?.focus();
    };
    const stopAsking = async () => {
      const id = asking.value;
      asking.value = 0;
      await nextTick();
      element.value.querySelector(`[data-undo="${id}"]`)?.focus();
    };
    const undo = async (entry) => {
      busy.value = true;
      try {
        await client.post(`/api/admin/imports/${entry.id}/undo`, undefined, { timeout: 0 });
        toast(t('import.undone'));
        dataChanged();
      } catch (error) {
        refusal.value = error;
      } finally {
        busy.value = false;
        asking.value = 0;
      }
    };
    const undoButton = (entry) => html`<button type="button" class="btn ghost" data-undo=${entry.id}
      aria-label=${t('history.undoFile', { file: entry.file_name })} disabled=${asking.value === entry.id}
      onClick=${() => ask(entry.id)}>${icon('undo')}<span class="opt">${t('history.undo')}</span></button>`;
    const question = (entry) => html`<tr key=${`question-${entry.id}`}><td colspan=${COLUMNS}><div class="cluster question" role="alert">
      <b>${t('history.question', { n: keptBy(entry) })}</b>
      <button type="button" class="btn push-end" disabled=${busy.value} onClick=${stopAsking}>${t('common.cancel')}</button>
      <button type="button" class="btn danger" disabled=${busy.value} onClick=${() => undo(entry)}>${t('history.takeBack')}</button>
    </div></td></tr>`;
    const line = (entry) => [html`<tr key=${entry.id}>
      <td class="tnum">${fmtMoment(entry.started_at)}</td>
      <td class="name">${entry.file_name}</td>
      <td class="num opt">${entry.report ? fmtNumber(countOf(entry.report, 'imported')) : orDash('')}</td>
      <td class="num opt">${entry.report ? fmtNumber(countOf(entry.report, 'failed')) : orDash('')}</td>
      <td><span class=${['badge', TONES[entry.state]]}>${statusText(entry.state)}</span></td>
      <td class="num">${isUndoable(entry) && undoButton(entry)}</td>
    </tr>`, asking.value === entry.id && question(entry)];

    const body = () => {
      if (problem.value) {
        return html`<div class="body"><${Notice} tone="bad" title=${t('history.failed')} text=${problem.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//></div>`;
      }
      if (!imports.value) return html`<div class="body"><div class="skeleton tall"></div></div>`;
      if (!imports.value.length) return html`<p class="body soft">${t('history.none')}</p>`;
      return html`<div class="scroll"><table class="table">
        <thead><tr>
          <th scope="col">${t('history.when')}</th>
          <th scope="col">${t('history.file')}</th>
          <th scope="col" class="num opt">${t('report.imported')}</th>
          <th scope="col" class="num opt">${t('report.failed')}</th>
          <th scope="col">${t('history.state')}</th>
          <th scope="col"><span class="sr">${t('history.undo')}</span></th>
        </tr></thead>
        <tbody>${imports.value.map(line)}</tbody></table></div>`;
    };

    return () => html`<section class="panel" ref=${element} aria-labelledby="history-title">
      <header><h2 id="history-title">${t('history.title')}</h2></header>
      ${refusal.value && html`<div class="body">
        <${Notice} tone="bad" alert title=${t('history.notUndone')} text=${refusal.value.message} /></div>`}
      ${body()}
    </section>`;
  },
};

const statusText = (status) => (hasText(`importStatus.${status}`) ? t(`importStatus.${status}`) : status);
