// @ts-check
import { h } from '../core/vue.js';
import { t } from '../core/i18n.js';

/**
 * One row of a VTable. Its element is used again for another row when this one leaves the view, and it is drawn anew only when
 * something of it has changed. While the row is on its way, bars stand in its cells.
 *
 * Written with `h`: rows are what is drawn while somebody scrolls, and a template costs twice as much.
 */
export const VTableRow = {
  props: ['index', 'row', 'columns', 'uid', 'height', 'selectable', 'selected', 'cursor', 'open', 'narrow', 'look'],
  /** @param {any} props */
  setup(props) {
    /** @param {import('./vtable.js').Column} column */
    const content = (column) => {
      const { row, look } = props;
      if (!row) return h('span', { class: 'skeleton' });
      const shown = column.cell ? column.cell(row) : row[column.key];
      if (!column.name) return shown;
      const under = props.narrow && column.under ? h('small', { class: 'under' }, column.under(row)) : null;
      if (!look.opens) return [shown, under];
      return h('a', { class: ['row-link', under && 'two'], tabindex: -1, href: look.href?.(row) }, [shown, under]);
    };

    const check = () => h('span', { key: 'check', role: 'gridcell', class: 'vcheck' }, [
      h('input', {
        type: 'checkbox',
        class: 'check',
        tabindex: -1,
        'aria-label': t('table.selectRow', { name: nameOf(props) }),
        checked: props.selected,
        disabled: !props.row,
      }),
    ]);

    /** @param {import('./vtable.js').Column} column */
    const cell = (column) => h('span', { key: column.key, role: 'gridcell', class: classOf(column) }, [content(column)].flat());

    return () => {
      const cells = props.columns.map(cell);
      if (props.selectable) cells.unshift(check());
      return h('div', {
        id: props.cursor ? props.uid : null,
        'data-index': props.index,
        role: 'row',
        'aria-rowindex': props.index + 2,
        'aria-selected': props.selectable ? String(props.selected) : null,
        class: rowClass(props),
        style: { transform: `translateY(${props.index * props.height}px)` },
      }, cells);
    };
  },
};

/** @param {import('./vtable.js').Column} column */
const classOf = ({ num, name }) => (num ? 'num' : name ? 'name' : null);

/** @param {any} props */
function rowClass({ cursor, open, row, look }) {
  const names = ['vrow'];
  if (cursor) names.push('cursor');
  if (open) names.push('open');
  if (look.opens) names.push('opens');
  const tone = row && look.tone?.(row);
  if (tone) names.push(tone);
  return names.join(' ');
}

/** @param {any} props */
function nameOf({ row, look, index }) {
  if (!row) return String(index + 1);
  return look.rowName ? look.rowName(row) : String(row.name ?? row.id);
}
