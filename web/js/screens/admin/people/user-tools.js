// @ts-check
import { onUnmounted, ref, watch } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { setQuery } from '../../../core/router.js';
import { FilterChip } from '../../../ui/filter-chip.js';
import { Notice } from '../../../ui/notice.js';
import { SelectionBar } from '../../../ui/selection-bar.js';
import { toast } from '../../../ui/toast.js';
import { PrintButton } from '../../../ui/vtable-print.js';
import { ROLES, STATUSES, USERS } from './use-users.js';

/** Typing asks the server once it pauses, not at every letter. */
const PAUSE_MS = 250;

/** Search and filters, and what can be done with all chosen accounts at once. Emits `deleted`. */
export const UserTools = {
  props: { users: { type: Object, required: true }, columns: { type: Array, required: true } },
  emits: ['deleted'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const { source, selection, asked } = props.users;
    const typed = ref(asked('q'));
    const asking = ref(false);
    const busy = ref(false);
    const problem = ref('');

    let timer = 0;
    const type = (/** @type {any} */ event) => {
      typed.value = event.target.value;
      clearTimeout(timer);
      timer = window.setTimeout(() => setQuery({ q: typed.value.trim() }, { replace: true }), PAUSE_MS);
    };
    watch(() => asked('q'), (value) => {
      if (value !== typed.value.trim()) typed.value = value;
    });
    watch(selection.ids, () => {
      asking.value = false;
      problem.value = '';
    });
    onUnmounted(() => clearTimeout(timer));

    const remove = async () => {
      busy.value = true;
      problem.value = '';
      try {
        const { deleted } = await client.post(`${USERS}/bulk/delete`, { ids: [...selection.ids.value] });
        selection.clear();
        toast(t('users.deletedSome', { n: deleted }));
        emit('deleted');
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
      }
      asking.value = false;
      busy.value = false;
    };

    const filters = () => [
      { name: 'role', label: t('users.role'), options: ROLES.map((value) => ({ value, label: t(`role.${value}`) })) },
      { name: 'status', label: t('users.status'), options: STATUSES.map((value) => ({ value, label: t(`userStatus.${value}`) })) },
    ];
    const shown = (/** @type {any} */ filter) => filter.options.find((/** @type {any} */ one) => one.value === asked(filter.name))?.label;
    const chip = (/** @type {any} */ filter) => html`<${FilterChip} key=${filter.name} filter=${filter} value=${asked(filter.name)}
      shown=${shown(filter)} onChoose=${(/** @type {string} */ value) => setQuery({ [filter.name]: value })} />`;
    const words = () => [asked('q'), ...filters().map(shown)].filter(Boolean).join(' · ');
    const count = () => (source.total.value === null ? '' : t('users.count', { n: source.total.value }));

    const tools = () => html`<div class="toolbar list-toolbar">
      <input class="input" type="search" aria-label=${t('users.search')} placeholder=${t('users.search')} value=${typed.value}
        onInput=${type} />
      <div class="filter-chips unfolded">${filters().map(chip)}</div>
      <span class="tools">
        <span class="muted" role="status">${count()}</span>
        <${PrintButton} title=${t('users.title')} filters=${words()} columns=${props.columns} source=${source} count=${count()} />
      </span>
    </div>`;

    const chosen = () => html`<${SelectionBar} selection=${selection} total=${source.total.value}>
      ${asking.value ? html`<b role="alert">${t('users.deleteQuestion', { n: selection.ids.value.size })}</b>
        <button type="button" class="btn" onClick=${() => (asking.value = false)}>${t('common.cancel')}</button>
        <button type="button" class="btn danger solid" disabled=${busy.value} onClick=${remove}>${t('form.delete')}</button>`
        : html`<button type="button" class="btn danger" onClick=${() => (asking.value = true)}>${t('form.delete')}</button>`}
    <//>`;

    return () => html`${selection.ids.value.size ? chosen() : tools()}
      ${problem.value && html`<div class="body flush"><${Notice} tone="bad" alert title=${t('users.noneDeleted')}
        text=${problem.value} /></div>`}`;
  },
};
