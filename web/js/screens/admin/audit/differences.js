import { ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { fieldName, fieldsOf, valueText } from './fields.js';

const none = () => html`<span class="muted">${t('form.empty')}</span>`;
const cell = (value, key) => valueText(value, key) || none();

/** Field by field what it was and what it became. What did not change is shown on demand. */
export const Differences = {
  props: { row: { type: Object, required: true } },
  setup(props) {
    const all = ref(false);

    /** Of a new row only what it became is of interest, of a deleted one only what it was. */
    const sides = () => {
      const { before, after } = props.row;
      if (before && after) return ['before', 'after'];
      return after ? ['after'] : ['before'];
    };
    const line = (field) => html`<tr key=${field.key} class=${{ changed: field.changed && sides().length > 1 }}>
      <th scope="row">${fieldName(field.key)}</th>
      ${sides().map((side) => html`<td key=${side} class=${side}>${side === 'after' && field.changed && sides().length > 1
        ? html`<ins>${cell(field[side], field.key)}</ins>` : cell(field[side], field.key)}</td>`)}</tr>`;

    return () => {
      const fields = fieldsOf(props.row);
      const both = sides().length > 1;
      const telling = both ? fields.filter(({ changed }) => changed) : fields.filter((field) => valueText(field[sides()[0]], field.key));
      const rest = fields.length - telling.length;
      const shown = all.value ? fields : telling;
      return html`<div class="differences">
        <table class="table">
          <caption class="sr">${t('audit.differences')}</caption>
          <thead><tr><th scope="col">${t('form.field')}</th>
            ${sides().map((side) => html`<th key=${side} scope="col">${t(`audit.${side}`)}</th>`)}</tr></thead>
          <tbody>${shown.map(line)}</tbody>
        </table>
        ${both && !telling.length && html`<p class="soft small">${t('audit.nothingChanged')}</p>`}
        ${rest > 0 && html`<button type="button" class="btn ghost left" aria-expanded=${String(all.value)} onClick=${() => (all.value = !all.value)}>
          ${all.value ? t('audit.lessFields') : t(both ? 'audit.unchanged' : 'audit.emptyFields', { n: rest })}</button>`}
      </div>`;
    };
  },
};
