import { ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { chooseColumns, columns, isJson, kind, seesAll, shownColumns } from './choice.js';
import { knownColumns, usualColumns } from './known-columns.js';

const isSame = (some, others) => some.length === others.length && some.every((name) => others.includes(name));

/** Which columns the file has; they keep the order in which they stand here. */
export const ColumnChoice = {
  setup() {
    const isOpen = ref(columns.value !== null);
    const turn = (name, isWanted) => {
      const names = knownColumns(kind.value, seesAll()).filter((one) => (one === name ? isWanted : shownColumns.value.includes(one)));
      const isUsual = isJson.value ? !names.length : isSame(names, usualColumns(kind.value, seesAll()));
      chooseColumns(isUsual ? null : names);
    };
    const line = (name) => {
      const isIn = shownColumns.value.includes(name);
      // A table has one column at least.
      const isLast = isIn && !isJson.value && shownColumns.value.length === 1;
      return html`<label key=${name} class="tick"><input type="checkbox" class="check" checked=${isIn} disabled=${isLast}
        onChange=${(event) => turn(name, event.target.checked)} /><span class="column-name">${name}</span></label>`;
    };
    return () => {
      const known = knownColumns(kind.value, seesAll());
      const isWhole = isJson.value && columns.value === null;
      const used = t('export.columnsOf', { used: shownColumns.value.length, n: known.length });
      return html`<details class="fold column-choice" open=${isOpen.value} onToggle=${(event) => (isOpen.value = event.target.open)}>
        <summary><span>${t('export.columns')}</span><span class="muted">${isWhole ? t('export.wholeRows') : used}</span></summary>
        <fieldset><legend class="sr">${t('export.columns')}</legend><div class="column-list">${known.map(line)}</div></fieldset>
        <div class="cluster">
          ${columns.value !== null && html`<button type="button" class="btn" onClick=${() => chooseColumns(null)}>
            ${t(isJson.value ? 'export.wholeRows' : 'export.usual')}</button>`}
          ${shownColumns.value.length < known.length && html`<button type="button" class="btn" onClick=${() => chooseColumns(known)}>${t('export.all')}</button>`}
        </div>
      </details>`;
    };
  },
};
