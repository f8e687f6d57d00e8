import { ref } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { fieldName } from './field-names.js';

const SAMPLES = 3;
/** Below this the server is guessing, in per cent. */
const SURE = 80;

/** What each column was taken for and why; each may be taken for something else. */
export const Columns = {
  props: { preview: Object, flow: Object, open: Boolean },
  setup(props) {
    const open = ref(props.open || props.preview.columns?.some(isDoubtful));

    /** Of a table that lacks columns the server tells no more than its headings. */
    const isKnown = () => Boolean(props.preview.columns);
    const chosen = () => dashboard.importReading.mapping ?? {};
    const columns = () => props.preview.columns ?? props.preview.header.map((heading) => ({ heading, field: null, samples: [] }));
    const fieldOf = ({ heading, field }) => (heading in chosen() ? chosen()[heading] : field) ?? '';

    const line = (column, index, fields) => {
      const { heading, confidence, reason, samples } = column;
      return html`<tr key=${index}>
        <th scope="row" class="name">${heading || html`<i class="muted">${t('columns.noHeading')}</i>`}</th>
        <td><select class="input" aria-label=${t('columns.fieldOf', { heading })} value=${fieldOf(column)}
          onChange=${(event) => props.flow.match(heading, event.target.value)}>
          <option value="">${t('columns.unused')}</option>
          ${fields.map((field) => html`<option key=${field} value=${field}>${fieldName(field)}</option>`)}
        </select></td>
        ${isKnown() && html`<td class="samples soft">${samples.slice(0, SAMPLES).map((sample, i) => html`<span key=${i}>${sample}</span>`)}</td>
        <td class="soft small opt">${reason && html`<span class="state"><span class=${['dot', tone(column)]}></span>
          <span>${reason}${confidence > 0 && confidence < 100 && html` <span class="muted tnum">${t('columns.percent', { n: confidence })}</span>`}</span>
        </span>`}</td>`}
      </tr>`;
    };

    const summary = () => {
      const all = columns();
      const used = all.filter((column) => fieldOf(column)).length;
      return t('columns.used', { used, n: all.length });
    };

    return () => {
      const { preview, flow } = props;
      const fields = [...new Set(preview.fields ?? [])];
      return html`<details class="fold" open=${open.value} onToggle=${(event) => (open.value = event.target.open)}>
        <summary><span>${t('columns.title')}</span><span class="muted">${summary()}</span></summary>
        ${preview.mapping_remembered && html`<p class="spread small soft"><span>${t('columns.remembered')}</span>
          <button type="button" class="btn ghost" onClick=${() => flow.set({ mapping: {} })}>${t('columns.forget')}</button></p>`}
        <div class="scroll boxed"><table class="table columns">
          <thead><tr>
            <th scope="col">${t('columns.heading')}</th>
            <th scope="col">${t('columns.field')}</th>
            ${isKnown() && html`<th scope="col">${t('columns.samples')}</th><th scope="col" class="opt">${t('columns.reason')}</th>`}
          </tr></thead>
          <tbody>${columns().map((column, index) => line(column, index, fields))}</tbody>
        </table></div>
        <p class="small soft">${t('columns.kept')}</p>
      </details>`;
    };
  },
};

/** A guess, or a column that was not understood though something stands in it. */
const isDoubtful = ({ field, confidence, samples }) => confidence < SURE && (Boolean(field) || samples.length > 0);

const tone = (column) => (isDoubtful(column) ? 'warn' : column.field ? '' : 'off');
