import { nextTick, onUnmounted, ref, shallowRef, watch } from '../../../core/vue.js';
import { isAbort, read } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { changesOf } from '../../../core/live.js';
import { route, setQuery } from '../../../core/router.js';
import { Empty } from '../../../ui/empty.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';
import { keptBy } from './counts.js';
import { HistoryPager } from './history-pager.js';
import { HistoryRow } from './history-row.js';
import { Obstacles } from './obstacles.js';
import { ReportDialog } from './report-dialog.js';
import { useUndo } from './undo.js';

const LATEST = 5;
const WHOLE = 20;
const COLUMNS = 5;
const WHILE_RUNNING_MS = 1000;

/**
 * Imports with what became of their rows, their files, and the way back: the latest, or with `whole` all of them in pages. An
 * import whose report is open stands in the address.
 */
export const ImportHistory = {
  props: { whole: Boolean },
  setup(props) {
    const answer = shallowRef(null);
    const problem = shallowRef(null);
    const page = ref(1);
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
        const query = { perPage: props.whole ? WHOLE : LATEST, page: page.value };
        answer.value = await read('/api/admin/imports', { query, signal: controller.signal });
        problem.value = null;
        if (answer.value.imports.some(({ state }) => state === 'running')) timer = setTimeout(load, WHILE_RUNNING_MS);
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      }
    };
    watch([() => dashboard.revision + changesOf('import'), page], load, { immediate: true });

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

    const question = (entry) => html`<div class="cluster question" role="alert">
      <b>${t('history.question', { n: keptBy(entry.report) })}</b>
      <button type="button" class="btn push-end" disabled=${busy.value} onClick=${() => leave(entry.id)}>${t('common.cancel')}</button>
      <button type="button" class="btn danger" disabled=${busy.value} onClick=${() => takeBack(entry, false)}>${t('history.takeBack')}</button>
    </div>`;
    const obstacles = (entry) => refusal.value && html`<${Obstacles} error=${refusal.value} busy=${busy.value}
      onRest=${() => takeBack(entry, true)} onLeave=${() => leave(entry.id)} />`;
    const below = (entry) => (asking.value === entry.id ? question(entry) : refused.value === entry.id && obstacles(entry));

    const line = (entry) => [
      html`<${HistoryRow} key=${entry.id} entry=${entry} isAsked=${asking.value === entry.id} onUndo=${() => ask(entry.id)}
        onOpen=${() => setQuery({ report: entry.id })} />`,
      below(entry) && html`<tr key=${`below-${entry.id}`} class="below"><td colspan=${COLUMNS}>${below(entry)}</td></tr>`,
    ];

    const body = () => {
      if (problem.value) {
        return html`<div class="body"><${Notice} tone="bad" title=${t('history.failed')} text=${problem.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//></div>`;
      }
      if (!answer.value) return html`<div class="body"><div class="skeleton tall"></div></div>`;
      if (!answer.value.imports.length) {
        return props.whole ? html`<${Empty} title=${t('history.none')} text=${t('history.noneText')} />` : html`<p class="body soft">${t('history.none')}</p>`;
      }
      return html`<div class="scroll"><table class="table imports">
        <thead><tr>
          <th scope="col" class="opt">${t('history.when')}</th>
          <th scope="col">${t('history.file')}</th>
          <th scope="col" class="opt">${t('history.rows')}</th>
          <th scope="col">${t('history.state')}</th>
          <th scope="col"><span class="sr">${t('history.acts')}</span></th>
        </tr></thead>
        <tbody>${answer.value.imports.map(line)}</tbody></table></div>
        ${props.whole && html`<${HistoryPager} answer=${answer.value} onPage=${(to) => (page.value = to)} />`}`;
    };

    const opened = () => Number(route.value.query.get('report')) || 0;
    return () => html`<section class="panel" ref=${element} aria-labelledby="history-title">
      <header><h2 id="history-title">${t('history.title')}</h2>
        ${!props.whole && html`<a class="link" href="/admin/import">${t('history.all')}</a>`}</header>
      ${body()}
      ${opened() > 0 && html`<${ReportDialog} key=${opened()} id=${opened()} onClose=${() => setQuery({ report: null })} />`}
    </section>`;
  },
};
