import { onUnmounted, shallowRef, watch } from '../../core/vue.js';
import { isAbort, read } from '../../core/api.js';
import { dashboard } from '../../core/dashboard.js';
import { fmtMoment, fmtNumber, orDash } from '../../core/format.js';
import { html } from '../../core/html.js';
import { hasText, t } from '../../core/i18n.js';
import { Notice } from '../../ui/notice.js';
import { countOf } from './import-report.js';

const SHOWN = 5;
const TONES = { running: 'info', success: 'ok', partial: 'warn', failed: 'bad', interrupted: 'bad', undone: '' };

/** The latest imports with what became of their rows. */
export const ImportHistory = {
  setup() {
    const imports = shallowRef(null);
    const problem = shallowRef(null);
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
        </tr></thead>
        <tbody>${imports.value.map(line)}</tbody></table></div>`;
    };

    return () => html`<section class="panel" aria-labelledby="history-title">
      <header><h2 id="history-title">${t('history.title')}</h2></header>
      ${body()}
    </section>`;
  },
};

const statusText = (status) => (hasText(`importStatus.${status}`) ? t(`importStatus.${status}`) : status);

const line = (entry) => html`<tr key=${entry.id}>
  <td class="tnum">${fmtMoment(entry.started_at)}</td>
  <td class="name">${entry.file_name}</td>
  <td class="num opt">${entry.report ? fmtNumber(countOf(entry.report, 'imported')) : orDash('')}</td>
  <td class="num opt">${entry.report ? fmtNumber(countOf(entry.report, 'failed')) : orDash('')}</td>
  <td><span class=${['badge', TONES[entry.state]]}>${statusText(entry.state)}</span></td>
</tr>`;
