// @ts-check
import { computed, ref } from '../core/vue.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';

/** @typedef {import('./vtable.js').Column & { away?: boolean }} ChoosableColumn `away` is not shown until somebody asks for it */

/**
 * Which columns of a table this browser shows. The name column always stays.
 *
 * @param {string} table
 * @param {() => ChoosableColumn[]} all
 */
export function useColumns(table, all) {
  const key = `columns.${table}`;
  const said = ref(/** @type {Record<string, boolean>} */ (stored(key)));
  const isShown = (/** @type {ChoosableColumn} */ column) => column.name || (said.value[column.key] ?? !column.away);
  const columns = computed(() => all().filter(isShown));

  /** @param {ChoosableColumn} column */
  function turn(column) {
    said.value = { ...said.value, [column.key]: !isShown(column) };
    try {
      localStorage.setItem(key, JSON.stringify(said.value));
    } catch {
      // Without storage the choice lasts until the page is closed.
    }
  }

  return { all, columns, isShown, turn };
}

/** @param {string} key @returns {Record<string, boolean>} */
function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') ?? {};
  } catch {
    return {};
  }
}

/** @param {{ choice: ReturnType<typeof useColumns> }} props */
export const ColumnMenu = ({ choice }) => html`<${Menu} label=${t('table.columns')} buttonClass="btn ghost icon-only">${{
  button: () => icon('columns'),
  default: () => html`<fieldset class="column-menu"><legend>${t('table.columns')}</legend>
    ${choice.all().filter((column) => !column.name).map((column) => html`<label class="tick" key=${column.key}>
      <input type="checkbox" class="check" checked=${choice.isShown(column)} onChange=${() => choice.turn(column)} />${column.label}</label>`)}
  </fieldset>`,
}}<//>`;
ColumnMenu.props = ['choice'];
