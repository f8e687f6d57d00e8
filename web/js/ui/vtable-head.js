// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';

/** The headings of a VTable: a press sorts, a second press turns the order round. The box selects everything that matches. */
export const VTableHead = {
  props: { columns: { type: Array, required: true }, sort: String, selection: Object, total: Number },
  emits: ['sort'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    /** @param {import('./vtable.js').Column} column */
    const head = ({ key, label, sort, num }) => {
      if (!sort) return html`<span key=${key} role="columnheader" class=${{ num }}>${label}</span>`;
      const up = props.sort === sort;
      const down = props.sort === `-${sort}`;
      return html`<span key=${key} role="columnheader" class=${{ num }} aria-sort=${up ? 'ascending' : down ? 'descending' : 'none'}>
        <button type="button" onClick=${() => emit('sort', up ? `-${sort}` : sort)}>${label}${up ? ' \u2191' : down ? ' \u2193' : ''}</button>
      </span>`;
    };

    const all = () => {
      const { selection, total } = props;
      const count = selection.ids.value.size;
      const change = async (/** @type {any} */ event) => {
        if (count) selection.clear();
        else await selection.all();
        // The server may have said no: the box shows what is selected, not what was pressed.
        const now = selection.ids.value.size;
        event.target.checked = now > 0 && now === props.total;
        event.target.indeterminate = now > 0 && now !== props.total;
      };
      return html`<span role="columnheader" class="vcheck"><input type="checkbox" class="check"
        aria-label=${t('table.selectAll')} disabled=${selection.busy.value || !total} checked=${count > 0 && count === total}
        indeterminate=${count > 0 && count !== total} onChange=${change} /></span>`;
    };

    return () => html`<div class="vrow vhead" role="row" aria-rowindex="1">${props.selection && all()}${props.columns.map(head)}</div>`;
  },
};
