import { ref, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { setQuery } from '../../../core/router.js';
import { icon } from '../../../ui/icon.js';

export const FILTERS = ['q', 'user', 'action', 'entity', 'from', 'to'];

const ACTIONS = [
  'create', 'update', 'delete', 'login', 'login_failed', 'logout', 'import', 'export', 'undo', 'backup', 'restore', 'permission_denied', 'setting',
];
const ENTITIES = ['athlete', 'race', 'event', 'registration', 'result', 'user', 'import', 'session', 'settings'];
const TYPING_MS = 300;

const actionWord = (action) => t(`audit.action.${action}`);
const entityWord = (entity) => t(`audit.one.${entity}`);

/** What of the log is shown. Every choice stands in the address, so that a colleague can be sent the link. */
export const AuditFilters = {
  props: { filters: Object, total: Number, filtered: Boolean },
  emits: ['clear'],
  setup(props, { emit, slots }) {
    const open = ref(false); // on phones most of them are folded away
    const typed = ref({ q: props.filters.q, user: props.filters.user });
    watch(() => [props.filters.q, props.filters.user], ([q, user]) => (typed.value = { q, user }));
    let typing = 0;
    const type = (name) => (event) => {
      clearTimeout(typing);
      const { value } = event.target;
      typing = setTimeout(() => setQuery({ [name]: value.trim() }, { replace: true }), TYPING_MS);
    };
    const choose = (name) => (event) => setQuery({ [name]: event.target.value });

    const text = (name) => html`<label class="filter"><span>${t(`audit.filter.${name}`)}</span>
      <input type="search" class="input" value=${typed.value[name]} onInput=${type(name)} autocomplete="off" /></label>`;
    const select = (name, values, words) => html`<label class="filter more"><span>${t(`audit.filter.${name}`)}</span>
      <select class="input" value=${props.filters[name]} onChange=${choose(name)}>
        <option value="">${t('audit.filter.all')}</option>
        ${values.map((value) => html`<option key=${value} value=${value}>${words(value)}</option>`)}
      </select></label>`;
    const day = (name) => html`<label class="filter more"><span>${t(`audit.filter.${name}`)}</span>
      <input type="date" class="input" value=${props.filters[name].slice(0, 10)} onChange=${choose(name)} /></label>`;

    return () => html`<div class=${['list-toolbar', 'audit-filters', open.value && 'open']} role="search" aria-label=${t('audit.filter.label')}>
      ${text('q')}${text('user')}${select('action', ACTIONS, actionWord)}${select('entity', ENTITIES, entityWord)}${day('from')}${day('to')}
      <div class="tools filter-end">
        <button type="button" class="btn ghost mob" aria-expanded=${String(open.value)} onClick=${() => (open.value = !open.value)}>
          ${t(open.value ? 'audit.filter.fewer' : 'audit.filter.more')}</button>
        <span role="status" class="soft small tnum push">${typeof props.total === 'number' ? t('audit.total', { n: props.total }) : ''}</span>
        ${props.filtered && html`<button type="button" class="btn ghost" onClick=${() => emit('clear')}>${icon('close')}${t('list.clear')}</button>`}
        ${slots.default?.()}
      </div>
    </div>`;
  },
};
