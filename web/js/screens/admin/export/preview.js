import { onUnmounted, ref, shallowRef, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtBytes, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Empty } from '../../../ui/empty.js';
import { Notice } from '../../../ui/notice.js';
import { columns, format, kind } from './choice.js';
import { firstRows, forget } from './preview-source.js';

/** Kinds of rows in the order in which everything goes out. */
const LISTS = ['users', 'athletes', 'races', 'events', 'registrations', 'results'];

/** The first rows as the file will have them. Props: `filters` of the list, `total` the number of rows, where it is known. */
export const ExportPreview = {
  props: { filters: Object, total: Number },
  setup(props) {
    const found = shallowRef(null);
    const problem = shallowRef(null);
    const busy = ref(false);
    let turn = 0;
    const load = async () => {
      if (kind.value === 'all') return;
      const mine = (turn += 1);
      busy.value = true;
      try {
        const wanted = { kind: kind.value, format: format.value, columns: columns.value, filters: props.filters };
        const rows = await firstRows(wanted);
        if (mine !== turn) return;
        found.value = { ...rows, kind: wanted.kind, format: wanted.format };
        problem.value = null;
      } catch (error) {
        if (mine !== turn) return;
        problem.value = error;
      }
      busy.value = false;
    };
    watch(() => dashboard.revision, forget, { flush: 'sync' });
    watch([kind, format, columns, () => JSON.stringify(props.filters), () => dashboard.revision], load, { immediate: true });
    onUnmounted(() => (turn = -1));

    const table = () => html`<div class="scroll" tabindex="0" role="group" aria-label=${t('export.preview')}>
      <table class="table cells preview">
        <thead><tr>${found.value.headings.map((heading) => html`<th key=${heading} scope="col">${heading}</th>`)}</tr></thead>
        <tbody>${found.value.rows.map((row, i) => html`<tr key=${i}>${row.map((cell, at) => html`<td key=${at} title=${cell}>${cell}</td>`)}</tr>`)}</tbody>
      </table></div>`;
    const lines = () => html`<pre class="scroll preview-lines" tabindex="0" role="group" aria-label=${t('export.preview')}>${document()}</pre>`;
    /** One JSON document holds its rows in a list. */
    const document = () => {
      const { rows, hasMore, kind: name } = found.value;
      if (found.value.format === 'ndjson') return rows.join('\n') + (hasMore ? '\n…' : '');
      return `{"${name}":[${rows.join(',\n')}${hasMore ? ',\n…' : ''}], …}`;
    };

    const size = () => {
      if (props.total === undefined || !found.value?.rowBytes || found.value.kind !== kind.value) return '';
      return t('export.size', { n: props.total, size: fmtBytes(Math.max(1, found.value.rowBytes * props.total)) });
    };

    const body = () => {
      if (kind.value === 'all') return html`<${Everything} />`;
      if (problem.value) {
        return html`<div class="body"><${Notice} tone="bad" alert title=${t('export.previewFailed')} text=${problem.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//></div>`;
      }
      if (!found.value) return html`<div class="body"><div class="skeleton tall"></div></div>`;
      if (!found.value.rows.length) return html`<${Empty} title=${t('export.empty')} text=${t('export.emptyText')} />`;
      return html`<div aria-busy=${String(busy.value)}>${['csv', 'xlsx'].includes(found.value.format) ? table() : lines()}</div>`;
    };

    return () => html`<section class="panel" aria-labelledby="export-preview">
      <header><h2 id="export-preview">${t('export.preview')}</h2><span class="muted small" role="status">${kind.value !== 'all' && size()}</span></header>
      ${body()}
      ${kind.value !== 'all' && found.value?.rows.length > 0 && html`<footer>${t(`export.previewNote.${format.value}`)}</footer>`}
    </section>`;
  },
};

/** What everything is, by its numbers. */
const Everything = () => {
  const counts = dashboard.lastCounts?.counts;
  if (!counts) return html`<div class="body"><div class="skeleton tall"></div></div>`;
  return html`<table class="table"><thead><tr>
      <th scope="col">${t(format.value === 'xlsx' ? 'export.sheet' : 'export.list')}</th><th scope="col" class="num">${t('export.rows')}</th></tr></thead>
    <tbody>${LISTS.map((name) => html`<tr key=${name}><th scope="row">${t(`table.${name}`)}</th>
      <td class="num">${fmtNumber(counts[name] ?? 0)}</td></tr>`)}</tbody></table>`;
};
