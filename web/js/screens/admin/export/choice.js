import { computed, reactive, watch } from '../../../core/vue.js';
import { may } from '../../../core/session.js';
import { knownColumns, usualColumns } from './known-columns.js';

const TABLES = ['csv', 'xlsx', 'json', 'ndjson'];
const EVERYTHING = { athletes: TABLES, registrations: TABLES, results: TABLES, events: TABLES, races: TABLES, users: TABLES, all: ['json', 'xlsx'] };

/** Who may not administer gets what the lists show, with private fields only for who may read them. */
const listed = () => ({
  athletes: TABLES, ...(may('registrations.read') && { registrations: TABLES }), results: TABLES, events: TABLES, races: TABLES,
});

/** Private fields are for those who also change athletes. */
export const seesAll = () => may('athletes.write');

const KEY = 'export';

/** What is to go out, kept for the next time. `columns` are those chosen by hand, by kind. */
export const choice = reactive({
  kind: 'athletes', format: 'csv', bom: false, columns: /** @type {Record<string, string[]>} */ ({}), ...stored(),
});

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}

watch(choice, () => {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
});

export const offered = computed(() => (may('admin') ? EVERYTHING : listed()));

/** Somebody else may have chosen it, with another role. */
export const kind = computed(() => (choice.kind in offered.value ? choice.kind : 'athletes'));

/** A kind that does not come in the wished form comes in its first. */
export const format = computed(() => {
  const forms = offered.value[kind.value];
  return forms.includes(choice.format) ? choice.format : forms[0];
});

/** The columns of the file in their order; null: the usual ones. */
export const columns = computed(() => {
  const known = knownColumns(kind.value, seesAll());
  const chosen = choice.columns[kind.value]?.filter((name) => known.includes(name));
  return chosen?.length ? chosen : null;
});

export const isJson = computed(() => format.value === 'json' || format.value === 'ndjson');

/** What stands in the file, chosen or usual. Usual rows of JSON are whole ones, which have members of their own. */
export const shownColumns = computed(() => columns.value ?? (isJson.value ? [] : usualColumns(kind.value, seesAll())));

/** @param {string[] | null} names null goes back to the usual ones */
export function chooseColumns(names) {
  const { [kind.value]: _, ...others } = choice.columns;
  choice.columns = names ? { ...others, [kind.value]: names } : others;
}

/** The parameters of the file. */
export const query = computed(() => ({
  ...(columns.value && { columns: columns.value.join(',') }),
  ...(choice.bom && format.value === 'csv' && { bom: true }),
}));
