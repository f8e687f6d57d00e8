import { computed, ref, watch } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { route, setQuery } from '../../../core/router.js';
import { useWindow } from '../../../core/window.js';
import { Empty } from '../../../ui/empty.js';
import { PrintButton } from '../../../ui/vtable-print.js';
import { VTable } from '../../../ui/vtable.js';
import { Chain } from './chain.js';
import { AuditDrawer } from './drawer.js';
import { AuditFilters, FILTERS } from './filters.js';
import { sentenceOf, whoOf } from './sentence.js';

const USUAL_ORDER = '-createdAt';
const TONES = { delete: 'bad', login_failed: 'warn', permission_denied: 'warn', create: 'ok', restore: 'warn', undo: 'info', import: 'info' };

const actionText = ({ action }) => (hasText(`audit.action.${action}`) ? t(`audit.action.${action}`) : action);

const actionBadge = (row) => html`<span class=${['badge', TONES[row.action]]}>${actionText(row)}</span>`;

const columns = () => [
  { key: 'createdAt', label: t('audit.when'), sort: 'createdAt', width: '7.25rem',
    cell: (row) => html`<span class="tnum">${fmtMoment(row.createdAt)}</span>`, text: (row) => fmtMoment(row.createdAt) },
  { key: 'what', label: t('audit.what'), name: true, cell: sentenceOf, text: sentenceOf },
  { key: 'who', label: t('audit.who'), opt: true, cell: whoOf, text: whoOf },
  { key: 'action', label: t('audit.action'), opt: true, width: '9rem', cell: actionBadge, text: actionText },
  { key: 'seq', label: t('audit.number'), num: true, opt: true, width: '5.5rem', cell: (row) => String(row.seq), text: (row) => String(row.seq) },
];

/** Who did what: filters in the address, a table of any length, and each row in words. */
export const Screen = {
  setup() {
    const filters = computed(() => Object.fromEntries(FILTERS.map((name) => [name, route.value.query.get(name) ?? ''])));
    const sort = computed(() => route.value.query.get('sort') ?? USUAL_ORDER);
    const asked = () => {
      const { user, ...rest } = filters.value;
      // Part of a name is enough; a number is the id of a user.
      const wanted = user && !/^\d+$/.test(user) ? `%${user}%` : user;
      return Object.fromEntries(Object.entries({ ...rest, user: wanted, sort: sort.value }).filter(([, value]) => value));
    };
    const source = useWindow({ path: '/api/admin/audit-logs', plural: 'audit_logs', query: asked });
    let again = false; // the first answer may be one that is remembered
    const chain = usePart((signal) => read('/api/admin/audit-logs/chain', { query: { fresh: again || null }, signal }));
    void chain.load().then(() => (again = true));
    const filtered = computed(() => FILTERS.some((name) => filters.value[name]));

    const openRow = ref(null);
    const openId = computed(() => Number(route.value.query.get('id')) || 0);
    const open = (row) => {
      openRow.value = row;
      setQuery({ id: row.seq });
    };
    watch(openId, (id) => {
      if (openRow.value?.seq !== id) openRow.value = null;
    });
    const order = (wanted) => setQuery({ sort: wanted === USUAL_ORDER ? null : wanted });
    const clear = () => setQuery(Object.fromEntries(FILTERS.map((name) => [name, null])));

    const empty = () => (filtered.value
      ? html`<${Empty} title=${t('audit.noneFound')} text=${t('audit.noneFoundText')}>
          <button type="button" class="btn" onClick=${clear}>${t('list.clear')}</button><//>`
      : html`<${Empty} title=${t('audit.none')} text=${t('audit.noneText')} />`);

    return () => html`<div class="page tall audit-page">
      <div class="page-head"><div><h1>${t('audit.title')}</h1><p>${t('audit.text')}</p></div></div>
      <${Chain} part=${chain} />
      <section class="panel fill" aria-labelledby="audit-rows">
        <h2 class="sr" id="audit-rows">${t('audit.rows')}</h2>
        <${AuditFilters} filters=${filters.value} total=${source.total.value} filtered=${filtered.value} onClear=${clear}>
          <${PrintButton} title=${t('audit.title')} filters=${filterWords(filters.value)} columns=${columns()} source=${source}
            count=${t('audit.total', { n: source.total.value ?? 0 })} /><//>
        <${VTable} label=${t('audit.title')} columns=${columns()} source=${source} sort=${sort.value} openId=${openId.value}
          href=${hrefOf} rowName=${sentenceOf} onSort=${order} onOpen=${open}>${{ empty }}<//>
      </section>
      ${openId.value > 0 && html`<${AuditDrawer} key=${openId.value} seq=${openId.value} row=${openRow.value}
        onClose=${() => setQuery({ id: null })} />`}
    </div>`;
  },
};

/** The present filters in words, for paper. */
function filterWords(filters) {
  const words = {
    action: (value) => actionText({ action: value }),
    entity: (value) => (hasText(`audit.one.${value}`) ? t(`audit.one.${value}`) : value),
  };
  const shown = (name, value) => words[name]?.(value) ?? value;
  return FILTERS.filter((name) => filters[name]).map((name) => `${t(`audit.filter.${name}`)}: ${shown(name, filters[name])}`).join(' · ');
}

function hrefOf(row) {
  const query = new URLSearchParams(route.value.query);
  query.set('id', String(row.seq));
  return `?${query}`;
}
