import { ref, shallowRef, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Cell } from './cell.js';
import { mend, unmend } from './mending.js';
import { mended } from './repairing.js';
import { shownRow } from './row-place.js';
import { recordsOf } from './source-rows.js';

/**
 * The rows of one problem with their cells, as far as the file can be read here. What is typed into a cell is a repair of it; Enter
 * goes to the next row, Shift Enter to the one before. The cell at fault comes first, so that it is seen on a phone.
 */
export const RowTable = {
  props: { problem: Object, preview: Object },
  setup(props) {
    const records = shallowRef([]);
    const element = ref(null);
    watch(() => props.preview, async (preview) => (records.value = await recordsOf(preview)), { immediate: true });

    const place = () => (props.preview.columns ? 'row' : 'item');
    const headings = () => {
      const used = (props.preview.columns ?? []).filter(({ field }) => field).map(({ heading }) => heading);
      return records.value.length ? used.filter((heading) => heading !== props.problem.column) : [];
    };
    /** What the file holds there; undefined when that cannot be told. */
    const inFile = (row, heading) => records.value[row - 1]?.[props.preview.header.indexOf(heading)];

    /** Whether the row that was found is the one that is meant: it has the value that is complained of. */
    const isIt = (row, value) => {
      const { column } = props.problem;
      const text = inFile(row, column);
      if (text === undefined || (value === '' && props.preview.format !== 'csv')) return false;
      return text === value || mended(text, column, row, dashboard.importReading.repairs) === value;
    };

    /** The cells at fault: all rows of a problem have one, with its value and what is wrong with it. */
    const rows = () => props.problem.values
      .flatMap(({ value, rows: numbers, message }) => numbers.map((row) => ({ row, value, message })))
      .sort((one, other) => one.row - other.row);

    const move = (event) => {
      if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.target.tagName !== 'INPUT') return;
      event.preventDefault();
      const cells = [...element.value.querySelectorAll(`[data-column="${event.target.dataset.column}"]`)];
      const to = cells[cells.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
      // Leaving a cell writes it.
      event.target.blur();
      to?.focus();
      to?.select();
    };
    const write = (row, column, to) => {
      const original = inFile(row, column);
      // What the file holds anyway needs no repair.
      void (to === original ? unmend([{ column, row, from: undefined }]) : mend([{ column, row, to }]));
    };

    const cell = (row, column, text, index, about) => html`<${Cell} text=${text} column=${index} about=${about}
      label=${t('check.cell', { column, row: String(shownRow(props.preview, row)) })} onWrite=${(to) => write(row, column, to)} />`;

    const line = ({ row, value, message }, others) => {
      const { column, code } = props.problem;
      const about = `${code}-${row}-about`;
      const { repairs } = dashboard.importReading;
      return html`<tr key=${row}>
        <th scope="row" class="num">${shownRow(props.preview, row)}</th>
        <td class="at-fault">${cell(row, column, value, 0, about)}<span class="sr" id=${about}>${message}</span></td>
        ${others.map((heading, i) => {
          const text = isIt(row, value) ? inFile(row, heading) : undefined;
          return html`<td key=${heading}>${text !== undefined && cell(row, heading, mended(text, heading, row, repairs), i + 1, '')}</td>`;
        })}
      </tr>`;
    };

    return () => {
      const others = headings();
      const all = rows();
      return html`<p class="small soft">${t('check.cellKeys')}</p>
        <div class="scroll boxed" ref=${element} onKeydown=${move}><table class="table row-table">
          <thead><tr>
            <th scope="col" class="num">${t(place() === 'row' ? 'report.row' : 'report.item')}</th>
            <th scope="col">${props.problem.column}</th>
            ${others.map((heading) => html`<th key=${heading} scope="col">${heading}</th>`)}
          </tr></thead>
          <tbody>${all.map((one) => line(one, others))}</tbody>
        </table></div>
        ${props.problem.count > all.length && html`<p class="small soft">${t('check.rowsTruncated', { n: all.length })}</p>`}`;
    };
  },
};
