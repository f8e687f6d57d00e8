import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { may } from '../../../core/session.js';
import { chooseColumns, columns, kind, shownColumns } from './choice.js';
import { knownColumns, usualColumns } from './known-columns.js';

const isSame = (some, others) => some.length === others.length && some.every((name) => others.includes(name));

/** Which columns the file has; they keep the order in which they stand here. */
export const ColumnChoice = () => {
  const known = knownColumns(kind.value, may('admin'));
  const usual = usualColumns(kind.value, may('admin'));
  const turn = (name, isWanted) => {
    const names = known.filter((one) => (one === name ? isWanted : shownColumns.value.includes(one)));
    chooseColumns(isSame(names, usual) ? null : names);
  };
  return html`<fieldset class="column-choice"><legend>${t('export.columns')}
      <span class="muted">${t('export.columnsOf', { used: shownColumns.value.length, n: known.length })}</span></legend>
    <div class="column-list">${known.map((name) => {
      const isIn = shownColumns.value.includes(name);
      // A file has one column at least.
      const isLast = isIn && shownColumns.value.length === 1;
      return html`<label key=${name} class="tick"><input type="checkbox" class="check" checked=${isIn} disabled=${isLast}
        onChange=${(event) => turn(name, event.target.checked)} /><span class="column-name">${name}</span></label>`;
    })}</div>
    <div class="cluster">
      <button type="button" class="btn ghost" disabled=${columns.value === null} onClick=${() => chooseColumns(null)}>${t('export.usual')}</button>
      <button type="button" class="btn ghost" disabled=${shownColumns.value.length === known.length}
        onClick=${() => chooseColumns(known)}>${t('export.all')}</button>
    </div>
  </fieldset>`;
};
