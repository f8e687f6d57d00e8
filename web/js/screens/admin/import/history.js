import { nextTick, onUnmounted, ref, shallowRef, watch } from '../../../core/vue.js';
import { isAbort, read } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtMoment, fmtNumber, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';
import { countOf, keptBy } from './counts.js';
import { Download } from './download.js';
import { Obstacles } from './obstacles.js';
import { useUndo } from './undo.js';

const SHOWN = 5;
const COLUMNS = 6;
const WHILE_RUNNING_MS = 1000;
const TONES = { running: 'info', success: 'ok', partial: 'warn', failed: 'bad', interrupted: 'bad', stopped: '', undone: '' };

const isUndoable = (entry) => ['success', 'partial'].includes(entry.state) && keptBy(entry.report) > 0;

/** The latest imports with what became of their rows, their files, and the way back. */
export const ImportHistory = {
  setup() {
    const imports = shallowRef(null);
    const problem = shallowRef(null);
    const asking = ref(0); // the import that is to be taken back
    const refused = ref(0); // the one that could not be
    const element = ref(null);
    const { busy, refusal, undo } = useUndo();
    const controller = new AbortController();
    let timer = 0;
    onUnmounted(() => {
      controller.abort();
      clearTimeout(timer);
    });
    const load = async () => {
      clearTimeout(timer);
      try {
        const answer = await read('/api/admin/imports', { query: { perPage: SHOWN }, signal: controller.signal });
        imports.value = answer.imports;
        problem.value = null;
        if (answer.imports.some(({ state }) => state === 'running')) timer = setTimeout(load, WHILE_RUNNING_MS);
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      }
    };
    watch(() => dashboard.revision, load, { immediate: true });

    /** A question stands where the button was; the keyboard goes to its harmless answer, and back to the button. */
    const focus = async (selector) => {
      await nextTick();
      element.value?.querySelector(selector)?.focus();
    };
    const ask = (id) => {
      asking.value = id;
      refused.value = 0;
      void focus('.question button');
    };
    const leave = (id) => {
      asking.value = 0;
      refused.value = 0;
      void focus(`[data-undo="${id}"]`);
    };
    const takeBack = async (entry, rest) => {
      const done = await undo(entry.id, { rest });
      asking.value = 0;
      refused.value = done ? 0 : entry.id;
      if (done) toast(done.kept ? t('undo.restDone', { n: done.kept }) : t('import.undone'));
      else void focus('.obstacles button');
    };

    const undoButton = (entry) => html`<button type="button" class="btn ghost" data-undo=${entry.id}
      aria-label=${t('history.undoFile', { file: entry.file_name })} disabled=${asking.value === entry.id}
      onClick=${() => ask(entry.id)}>${icon('undo')}<span class="opt">${t('history.undo')}</span></button>`;
    const question = (entry) => html`<div class="cluster question" role="alert">
      <b>${t('history.question', { n: keptBy(entry.report) })}</b>
      <button type="button" class="btn push-end" disabled=${busy.value} onClick=${() => leave(entry.id)}>${t('common.cancel')}</button>
      <button type="button" class="btn danger" disabled=${busy.value} onClick=${() => takeBack(entry, false)}>${t('history.takeBack')}</button>
    </div>`;
    const obstacles = (entry) => refusal.value && html`<${Obstacles} error=${refusal.value} busy=${busy.value}
      onRest=${() => takeBack(entry, true)} onLeave=${() => leave(entry.id)} />`;
    const below = (entry) => (asking.value === entry.id ? question(entry) : refused.value === entry.id && obstacles(entry));

    const line = (entry) => [html`<tr key=${entry.id}>
      <td class="tnum opt">${fmtMoment(entry.started_at)}</td>
      <td class="name">${entry.file_name}<small class="muted">${kindOf(entry)}</small>
        <small class="muted narrow">${fmtMoment(entry.started_at)}</small></td>
      <td class="num opt">${entry.report ? fmtNumber(countOf(entry.report, 'imported')) : orDash('')}</td>
      <td class="num opt">${entry.report ? fmtNumber(countOf(entry.report, 'failed')) : orDash('')}</td>
      <td><span class=${['badge', TONES[stateOf(entry)]]}>${stateText(stateOf(entry))}</span></td>
      <td class="acts"><div class="cluster">${files(entry)}${isUndoable(entry) && undoButton(entry)}</div></td>
    </tr>`, below(entry) && html`<tr key=${`below-${entry.id}`} class="below"><td colspan=${COLUMNS}>${below(entry)}</td></tr>`];

    const body = () => {
      if (problem.value) {
        return html`<div class="body"><${Notice} tone="bad" title=${t('history.failed')} text=${problem.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//></div>`;
      }
      if (!imports.value) return html`<div class="body"><div class="skeleton tall"></div></div>`;
      if (!imports.value.length) return html`<p class="body soft">${t('history.none')}</p>`;
      return html`<div class="scroll"><table class="table history">
        <thead><tr>
          <th scope="col" class="opt">${t('history.when')}</th>
          <th scope="col">${t('history.file')}</th>
          <th scope="col" class="num opt">${t('report.imported')}</th>
          <th scope="col" class="num opt">${t('report.failed')}</th>
          <th scope="col">${t('history.state')}</th>
          <th scope="col"><span class="sr">${t('history.acts')}</span></th>
        </tr></thead>
        <tbody>${imports.value.map(line)}</tbody></table></div>`;
    };

    return () => html`<section class="panel" ref=${element} aria-labelledby="history-title">
      <header><h2 id="history-title">${t('history.title')}</h2></header>
      ${body()}
    </section>`;
  },
};

const kindOf = ({ dataset, format }) => t('history.kind', { kind: t(`import.kind.${dataset}`), format: format.toUpperCase() });

/** What somebody stopped was not interrupted. */
const stateOf = ({ state, report }) => (report?.cancelled ? 'stopped' : state);

const stateText = (state) => (hasText(`importStatus.${state}`) ? t(`importStatus.${state}`) : state);

/** The file as it came, and the rows of it that were refused. */
const files = (entry) => html`${entry.has_refused && html`<${Download} tone="ghost" path=${`/api/admin/imports/${entry.id}/errors.csv`}
    label=${t('history.refusedFile', { file: entry.file_name })}>${icon('alert')}<span class="opt">${t('history.refused')}</span><//>`}
  ${entry.has_original && html`<${Download} tone="ghost icon-only" path=${`/api/admin/imports/${entry.id}/original`}
    label=${t('history.originalFile', { file: entry.file_name })}>${icon('download')}<//>`}`;
