import { computed, onUnmounted, ref, watch } from '../../core/vue.js';
import { dashboard, dataChanged } from '../../core/dashboard.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { PER_PAGE, useList } from '../../core/list.js';
import { route, setQuery } from '../../core/router.js';
import { may } from '../../core/session.js';
import { DataTable } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { EntityDrawer } from '../../ui/entity-drawer.js';
import { icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { ExportButton } from './export-panel.js';

/** Typing asks the server once it pauses, not at every letter. */
const SEARCH_PAUSE_MS = 250;

/**
 * A searchable list of one kind of row with a drawer to change one. The open row, the page, the order and the filters stand in the
 * address. `words` is the prefix of the texts, `columns({ open })` describes the table.
 */
export const EntityScreen = {
  props: ['words', 'path', 'plural', 'singular', 'sort', 'importKind', 'exportKind', 'action', 'fields', 'columns', 'filter', 'initial'],
  setup(props) {
    const query = (name) => route.value.query.get(name) ?? '';
    const list = useList({ path: props.path, plural: props.plural,
      filters: ['q', props.filter.name], sort: props.sort, changed: () => dashboard.revision });
    const openId = computed(() => query('id'));
    const search = ref(query('q'));
    const text = (key, values) => t(`${props.words}.${key}`, values);

    let timer = 0;
    const type = (event) => {
      search.value = event.target.value;
      clearTimeout(timer);
      timer = setTimeout(() => setQuery({ q: search.value.trim(), page: null }, { replace: true }), SEARCH_PAUSE_MS);
    };
    // The search in the top bar, or the browser's back button, may change the address from outside.
    watch(() => query('q'), (value) => {
      if (value !== search.value.trim()) search.value = value;
    });
    onUnmounted(() => clearTimeout(timer));

    const open = (row) => setQuery({ id: row.id });
    const close = () => setQuery({ id: null });
    const done = ({ what, row }) => {
      close();
      toast(text(what, { name: row.name }));
      dataChanged();
    };
    const clear = () => setQuery({ q: null, [props.filter.name]: null, page: null });
    const showImport = () => {
      dashboard.importKind = props.importKind;
      dashboard.showImportModal = true;
    };

    const empty = () => {
      if (query('q') || query(props.filter.name)) {
        return html`<${Empty} title=${text('noneFound')} text=${t('list.noneFoundText')}>
          <button type="button" class="btn" onClick=${clear}>${t('list.clear')}</button><//>`;
      }
      return html`<${Empty} title=${text('none')}
        text=${text(may(props.action) ? 'noneText' : 'noneTextReader')}>
        ${may(props.action) ? addButton() : null}<//>`;
    };
    const addButton = () => html`<button type="button" class="btn primary"
      onClick=${() => setQuery({ id: 'new' })}>${icon('plus')}${text('add')}</button>`;

    return () => html`<div class="page">
      <div class="page-head">
        <div><h1>${text('title')}</h1><p>${text('text')}</p></div>
        <div class="cluster">
          ${may('admin') && html`<button type="button" class="btn" onClick=${showImport}>${icon('upload')}${t('import.open')}</button>`}
          <${ExportButton} kind=${props.exportKind} label=${t('export.button')} />
          ${may(props.action) && addButton()}
        </div>
      </div>
      <div class="panel">
        <div class="toolbar">
          <input class="input" type="search" aria-label=${text('search')} placeholder=${text('search')} value=${search.value}
            onInput=${type} />
          <select class="input" aria-label=${props.filter.label} value=${query(props.filter.name)}
            onChange=${(event) => setQuery({ [props.filter.name]: event.target.value, page: null })}>
            ${props.filter.options.map(({ value, label }) => html`<option key=${value} value=${value}>${label}</option>`)}
          </select>
          <span class="muted push-end">${!list.loading.value && !list.error.value && text('count', { n: list.total.value })}</span>
        </div>
        <${DataTable} label=${text('title')} columns=${props.columns({ open })} list=${list} perPage=${PER_PAGE}
          onSort=${(sort) => setQuery({ sort, page: null }, { replace: true })} onPage=${(page) => setQuery({ page })}
            onRetry=${list.load}>${{ empty }}<//>
      </div>
      ${openId.value && html`<${EntityDrawer} key=${openId.value} path=${props.path} singular=${props.singular}
        fields=${props.fields} words=${props.words} initial=${props.initial} id=${openId.value === 'new' ? null : Number(openId.value)}
        readonly=${!may(props.action)} onClose=${close} onDone=${done} />`}
    </div>`;
  },
};
