// @ts-check
import { computed, h, nextTick, onMounted, ref, useId, watch } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { Notice } from './notice.js';
import { VTableHead } from './vtable-head.js';
import { useTableKeys } from './vtable-keys.js';
import { VTableRow } from './vtable-row.js';
import { useViewport } from './vtable-view.js';

/**
 * @typedef {{ key: string, label: string, sort?: string, num?: boolean, opt?: boolean, name?: boolean, width?: string,
 *   cell?: (row: any) => any, text?: (row: any) => string, under?: (row: any) => string }} Column
 *   `sort` is the server's name of the order; `opt` columns go away on narrow screens; the `name` column is the link that opens the
 *   row; `width` is a CSS grid track; `text` is what print shows where `cell` draws something else; `under` is a
 *   second line of the name column on narrow screens, for what has no column there
 */

/**
 * A table of any length that draws only the rows in view.
 *
 * ```js
 * const source = useWindow({ path: '/api/athletes', plural: 'athletes', query: () => ({ sort: sort.value }) });
 * const selection = useSelection({ path: '/api/athletes', query });      // or leave it out: nothing can be selected
 * html`<${VTable} label=${t('athletes.title')} columns=${columns} source=${source} sort=${sort.value}
 *   onSort=${(order) => (sort.value = order)} onOpen=${(row, index) => open(row)} href=${(row) => `?id=${row.id}`}
 *   selection=${selection}>${{ empty: () => html`<${Empty} … />` }}<//>`
 * ```
 *
 * Props: `sort` the present order, `name` or `-name`; `openId` the row that is open elsewhere; `rowName(row)` how a row is called,
 * its `name` when left out; `tone(row)` a class of the row. The parent is a flex column (a `.panel` in a `.page.tall`): the table takes
 * the room that is left and scrolls in itself; on phones it is as long as its rows and the page scrolls.
 * Slot `empty`: shown when nothing matches.
 */
export const VTable = {
  props: {
    label: { type: String, required: true },
    columns: { type: Array, required: true },
    source: { type: Object, required: true },
    sort: String,
    selection: Object,
    openId: Number,
    href: Function,
    rowName: Function,
    tone: Function,
    opens: { type: Boolean, default: true },
  },
  emits: ['sort', 'open'],
  /** @param {any} props @param {any} context */
  setup(props, { emit, slots }) {
    const box = ref(/** @type {HTMLElement | null} */ (null));
    const body = ref(/** @type {HTMLElement | null} */ (null));
    const cursor = ref(0);
    const uid = useId();
    const total = computed(() => props.source.total.value);
    /** Before the first answer some rows stand for those to come. */
    const count = computed(() => total.value ?? 12);
    const { view, measure, moveTo, toTop } = useViewport(box, body, count);
    const columns = computed(() => props.columns.filter((/** @type {Column} */ column) => !(column.opt && view.narrow)));
    const tracks = computed(() => columns.value.map(trackOf).join(' '));
    const last = computed(() => Math.min(count.value, view.first + view.rows));

    watch(() => [view.first, last.value], () => props.source.need(view.first, last.value - 1), { immediate: true });
    watch(() => props.source.epoch.value, () => {
      cursor.value = 0;
      toTop();
      props.source.need(0, view.rows);
    });
    watch([tracks, count], () => nextTick(measure));
    onMounted(measure);
    watch(() => props.openId, (id) => {
      const index = id ? props.source.indexOf(id) : -1;
      if (index >= 0) goTo(index);
    });

    /** @param {number} index */
    const goTo = (index) => {
      cursor.value = Math.max(0, Math.min(count.value - 1, index));
      moveTo(cursor.value);
    };
    const open = (/** @type {number} */ index) => {
      const row = props.source.rowAt(index);
      if (row && props.opens) emit('open', row, index);
    };
    const keys = useTableKeys({ props, box, view, cursor, count, goTo, open });

    /** One listener for all rows. @param {MouseEvent} event */
    const click = (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      const element = /** @type {HTMLElement | null} */ (target.closest('.vrow'));
      if (!element) return;
      const index = Number(element.dataset.index);
      if (target.closest('button, a:not(.row-link), select')) return;
      // The keys go on from the row that was pressed.
      box.value?.focus({ preventScroll: true });
      if (target.closest('.vcheck')) return keys.press(index, event);
      if (event.ctrlKey || event.metaKey || event.button) return;
      event.preventDefault();
      if (event.shiftKey && props.selection) return keys.press(index, event);
      if (String(getSelection())) return;
      cursor.value = index;
      open(index);
    };

    /** What does not change while somebody scrolls. */
    const look = computed(() => ({ href: props.href, rowName: props.rowName, tone: props.tone, opens: props.opens }));

    const rows = () => {
      const drawn = [];
      const { first, rows: room, height } = view;
      const { source, openId } = props;
      const chosen = props.selection?.ids.value;
      const shared = { narrow: view.narrow, columns: columns.value, uid, height, selectable: Boolean(chosen), look: look.value };
      for (let index = first; index < last.value; index += 1) {
        const row = source.rowAt(index);
        const selected = Boolean(row && chosen?.has(row.id));
        const open = row !== undefined && row.id === openId;
        drawn.push(h(VTableRow, { key: index % room, index, row, selected, open, cursor: index === cursor.value, ...shared }));
      }
      return drawn;
    };

    const failed = () => html`<div class="vtable-note"><${Notice} tone="bad" alert title=${t('list.failed')}
      text=${props.source.error.value.message}>
      <button type="button" class="btn" onClick=${props.source.reload}>${icon('undo')}${t('common.retry')}</button><//></div>`;

    return () => {
      const error = props.source.error.value;
      if (error && total.value === null) return failed();
      if (total.value === 0) return html`${error && failed()}<div class="vtable-empty">${slots.empty?.()}</div>`;
      return html`${error && failed()}<div class=${['vtable', props.source.behind?.value && 'behind']} ref=${box} tabindex="0" role="grid" aria-label=${props.label}
        aria-rowcount=${total.value === null ? -1 : total.value + 1} aria-multiselectable=${props.selection ? 'true' : null}
        aria-busy=${String(props.source.loading.value)} aria-activedescendant=${uid} onKeydown=${keys.down}>
        <div class="vgrid" style=${{ '--cols': (props.selection ? '3rem ' : '') + tracks.value }}>
          <${VTableHead} columns=${columns.value} sort=${props.sort} selection=${props.selection} total=${total.value}
            onSort=${(/** @type {string} */ order) => emit('sort', order)} />
          <div class="vbody" ref=${body} role="rowgroup" style=${{ blockSize: `${count.value * view.height}px` }}
            onClick=${click}>${rows()}</div>
        </div>
      </div>`;
    };
  },
};

/** @param {Column} column */
function trackOf(column) {
  if (column.width) return column.width;
  if (column.name) return 'minmax(0, 2.2fr)';
  return column.num ? 'minmax(0, 0.7fr)' : 'minmax(0, 1fr)';
}
