import { computed, ref, watch } from '../../../core/vue.js';
import { dashboard, dataChanged } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { changesOf } from '../../../core/live.js';
import { chosenMeet, chooseMeet, meet } from '../../../core/meet.js';
import { route, setQuery } from '../../../core/router.js';
import { useSelection } from '../../../core/selection.js';
import { may } from '../../../core/session.js';
import { useWindow } from '../../../core/window.js';
import { Empty } from '../../../ui/empty.js';
import { EntityDrawer } from '../../../ui/entity-drawer.js';
import { icon } from '../../../ui/icon.js';
import { toast } from '../../../ui/toast.js';
import { useColumns } from '../../../ui/vtable-columns.js';
import { VTable } from '../../../ui/vtable.js';
import { BulkBar } from './bulk-bar.js';
import { useBulk } from './bulk.js';
import { RowHistory } from './history.js';
import { ListToolbar } from './toolbar.js';

/**
 * A list of one kind of rows with a drawer for the one that is open. Search, filters, order, the open row and its tab stand in the
 * address.
 *
 * A subject says what is special about its kind: `name` and `singular` of the API, `shows`, the kinds of rows it is made of, `path`, `text(key)` its words, `sort` the usual
 * order, `action` who may change it, `fields()`, `columns()`, `filters()`, `bulk()`, `tabs(row)`, `initial(query)`, `nameOf(row)`;
 * `addAction` and `deleteAction` where they differ;
 * with `meet` the chosen race filters it.
 */
export const EntityList = {
  props: { subject: Object },
  setup({ subject }) {
    const value = (name) => route.value.query.get(name) ?? '';
    const names = ['q', ...subject.filters().map(({ name }) => name)];
    /** An address may be old, or typed: an order that the list does not have is its usual one. */
    const sort = computed(() => {
      const asked = value('sort');
      const name = asked.replace(/^-/, '');
      // By number every list can be ordered, though no column shows it.
      return name === 'id' || subject.columns().some((column) => column.sort && column.sort === name) ? asked : subject.sort;
    });
    const query = () => {
      const filters = Object.fromEntries(names.map((name) => [name, value(name)]).filter(([, given]) => given));
      return { ...filters, ...(subject.meet && meet.id !== null && { raceId: meet.id }), sort: sort.value };
    };
    const changed = () => dashboard.revision + changesOf(...subject.shows);
    const source = useWindow({ path: subject.path, plural: subject.name, query, changed });
    const selection = useSelection({ path: subject.path, query });
    const bulk = useBulk({ subject, source, selection });
    const columns = useColumns(subject.name, subject.columns);
    const mayWrite = () => may(subject.action);
    const mayAdd = () => may(subject.addAction ?? subject.action);
    const mayDelete = () => may(subject.deleteAction ?? subject.addAction ?? subject.action);
    const selectable = () => subject.bulk().some((action) => may(action.may));
    const still = ref(false);

    // A link whose number counts all meets shows all of them; a step back in the browser shows the meet it had.
    if (subject.meet && value('race') === 'all') chooseMeet(null);
    else if (subject.meet && Number(value('race'))) meet.id = Number(value('race'));
    // The chosen meet is part of what is shown, so a shared link has to name it.
    watch(() => meet.id, (id) => subject.meet && setQuery({ race: id }, { replace: true }), { immediate: true });

    const openId = computed(() => value('id'));
    const openIndex = computed(() => (Number(openId.value) ? source.indexOf(Number(openId.value)) : -1));
    const open = (row) => {
      still.value = false;
      setQuery({ id: row.id, tab: null });
    };
    const close = () => {
      still.value = false;
      setQuery({ id: null, tab: null });
    };
    const step = (by) => {
      const row = source.rowAt(openIndex.value + by);
      still.value = true;
      if (row) setQuery({ id: row.id }, { replace: true });
    };
    const steps = () => ({ previous: openIndex.value > 0, next: openIndex.value >= 0 && Boolean(source.rowAt(openIndex.value + 1)) });
    const done = ({ what, row, warnings = [] }) => {
      close();
      toast(subject.text(what, { name: subject.nameOf(row) || row.name }), { text: warnings.join(' '), stays: warnings.length > 0 });
      dataChanged();
    };
    const href = (row) => {
      const next = new URLSearchParams(route.value.query);
      next.set('id', String(row.id));
      return `${location.pathname}?${next}`;
    };

    const filtered = () => names.some((name) => value(name)) || (subject.meet && meet.id !== null);
    const clear = () => {
      if (subject.meet) chooseMeet(null);
      setQuery(Object.fromEntries([...names, 'race'].map((name) => [name, null])));
    };
    /** The present filters as a sentence, for paper. */
    const filterWords = () => {
      const given = subject.filters().filter(({ name }) => value(name));
      const parts = given.map((filter) => t('list.chip', { label: filter.label, value: shownValue(filter) }));
      const race = subject.meet && chosenMeet.value?.name;
      return [race, value('q') && t('list.chip', { label: t('list.search'), value: value('q') }), ...parts].filter(Boolean).join(' · ');
    };
    const shownValue = (filter) => filter.shown?.(value(filter.name))
      ?? filter.options?.find((option) => option.value === value(filter.name))?.label ?? value(filter.name);
    const filters = () => subject.filters().map((filter) => ({ ...filter, shown: filter.shown ?? ((given) => (given ? shownValue(filter) : '')) }));

    const addButton = () => html`<button type="button" class="btn primary" onClick=${() => setQuery({ id: 'new' })}>
      ${icon('plus')}${subject.text('add')}</button>`;
    const sideLink = (to, name, words) => html`<a class="btn" href=${to} aria-label=${words}>${icon(name)}<span class="wide">${words}</span></a>`;
    const importLink = () => may('admin') && sideLink(`/admin/import?kind=${subject.name}`, 'upload', t('list.import'));

    /** The export takes over what the list is filtered by, and its order. */
    const exportLink = () => {
      const wanted = new URLSearchParams({ kind: subject.name });
      for (const [name, given] of Object.entries(query())) if (given) wanted.set(name, String(given));
      return sideLink(`/admin/export?${wanted}`, 'download', t('list.export'));
    };

    const empty = () => {
      if (filtered()) {
        return html`<${Empty} title=${subject.text('noneFound')} text=${t('list.noneFoundText')}>
          <button type="button" class="btn" onClick=${clear}>${t('list.clear')}</button><//>`;
      }
      return html`<${Empty} title=${subject.text('none')} text=${subject.text(mayAdd() ? 'noneText' : 'noneTextReader')}>
        ${mayAdd() ? html`${addButton()}${importLink()}` : null}<//>`;
    };

    const tabs = () => {
      const path = `${subject.path}/${openId.value}`;
      const view = () => html`<${RowHistory} key=${path} path=${path} fields=${subject.fields()} />`;
      const history = { key: 'history', label: t('changes.tab'), view };
      return [...(subject.tabs?.(Number(openId.value)) ?? []), ...(mayWrite() ? [history] : [])];
    };
    const initial = computed(() => (openId.value === 'new' ? (subject.initial?.((name) => value(name)) ?? {}) : {}));

    const drawer = () => html`<${EntityDrawer} key=${openId.value} path=${subject.path} singular=${subject.singular}
      fields=${subject.fields()} text=${subject.text} initial=${initial.value ?? {}} body=${subject.body} nameOf=${subject.nameOf}
      id=${openId.value === 'new' ? null : Number(openId.value)} readonly=${!mayWrite()} deletes=${mayDelete()}
      tabs=${tabs()} tab=${value('tab') || 'details'} still=${still.value}
      steps=${steps()} onTab=${(tab) => setQuery({ tab: tab === 'details' ? null : tab }, { replace: true })} onStep=${step} onClose=${close}
      onDone=${done}>${{ default: subject.below }}<//>`;

    return () => html`<div class="page tall">
      <div class="page-head">
        <div><h1>${subject.text('title')}</h1><p>${subject.text('text')}</p></div>
        <div class="cluster">
          ${subject.links?.().map(({ to, icon: name, words }) => sideLink(to, name, words))}
          ${importLink()}
          ${exportLink()}
          ${mayAdd() && addButton()}
        </div>
      </div>
      <div class="panel fill">
        <${ListToolbar} subject=${subject} source=${source} columns=${columns} filters=${filters()} words=${filterWords()} />
        <${BulkBar} subject=${subject} bulk=${bulk} selection=${selection} total=${source.total.value} />
        <${VTable} label=${subject.text('title')} columns=${columns.columns.value} source=${source} sort=${sort.value}
          selection=${selectable() ? selection : undefined} openId=${Number(openId.value) || undefined} href=${href} rowName=${subject.nameOf}
          tone=${subject.tone} onSort=${(order) => setQuery({ sort: order === subject.sort ? null : order }, { replace: true })}
          onOpen=${open}>${{ empty }}<//>
      </div>
      ${openId.value && (openId.value !== 'new' || mayAdd()) && initial.value && drawer()}
    </div>`;
  },
};
