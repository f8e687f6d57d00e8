import { ref, useId } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { accept, mend } from './mending.js';

const LONGEST_LABEL = 40;
const short = (text) => (text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL)}…` : text);

/** What stands in a cell. */
export const shown = (text) => (text === '' ? html`<i class="muted">${t('check.blank')}</i>` : html`<q class="value">${text}</q>`);

/** Rows with the same problem and the same value: what is proposed, and a place to write something else in all of them. */
export const ProblemValue = ({ value, column, place, says, byRow }) => {
  const { proposal } = value;
  const change = (to) => mend([{ column, from: value.value, to }]);
  const single = value.count === 1;
  return html`<li>
    <div class="value-line">
      <div class="grow">
        <p>${shown(value.value)} <span class="muted small">${rowsOf(value, place)}</span></p>
        ${says && html`<p class="small soft">${value.message}</p>`}
      </div>
      <div class="cluster">
        ${proposal?.repairs && html`<button type="button" class="btn accept" onClick=${() => accept([proposal])}>${proposal.text}</button>`}
        ${column && !byRow && html`<${WriteInstead} from=${value.value} send=${change}
          label=${t(single ? 'check.writeOne' : 'check.writeAll', { value: short(value.value) || t('check.blank'), n: value.count })} />`}
      </div>
    </div>
  </li>`;
};
ProblemValue.props = ['value', 'column', 'place', 'says', 'byRow'];

function rowsOf({ rows, count }, place) {
  const FEW = 3;
  const list = rows.slice(0, FEW).join(', ');
  if (count > FEW) return t(`check.${place}sMore`, { list, n: count - FEW });
  return t(count === 1 ? `check.${place}` : `check.${place}s`, { row: list, list });
}

/** A field for what is to stand there instead. */
const WriteInstead = {
  props: { from: String, label: String, send: Function },
  setup(props) {
    const id = useId();
    const text = ref(props.from);
    const submit = (event) => {
      event.preventDefault();
      if (text.value !== props.from) props.send(text.value.trim());
    };
    return () => html`<form class="mend" onSubmit=${submit}>
      <label class="sr" for=${id}>${props.label}</label>
      <input class="input" id=${id} value=${text.value} autocomplete="off" spellcheck="false" placeholder=${t('check.writeHere')}
        onInput=${(event) => (text.value = event.target.value)} />
      <button class="btn" disabled=${text.value === props.from}>${t('check.write')}</button>
    </form>`;
  },
};
