// @ts-check
import { onUnmounted, ref, watch } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { setQuery } from '../../../core/router.js';
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

    const filter = (/** @type {'role' | 'status'} */ name, /** @type {string[]} */ values, /** @type {string} */ words) => html`
      <select class="input" aria-label=${t(`users.${name}`)} value=${asked(name)}
        onChange=${(/** @type {any} */ event) => setQuery({ [name]: event.target.value })}>
        <option value="">${t(`users.all.${name}`)}</option>
        ${values.map((value) => html`<option key=${value} value=${value}>${t(`${words}.${value}`)}</option>`)}
      </select>`;

    const count = () => (source.total.value === null ? '' : t('users.count', { n: source.total.value }));
    const filtersInWords = () => [asked('q'), asked('role') && t(`role.${asked('role')}`), asked('status') && t(`userStatus.${asked('status')}`)]
      .filter(Boolean).join(' · ');
    const filters = () => html`<div class="toolbar">
      <input class="input" type="search" aria-label=${t('users.search')} placeholder=${t('users.search')} value=${typed.value}
        onInput=${type} />
      ${filter('role', ROLES, 'role')}${filter('status', STATUSES, 'userStatus')}
      <span class="muted push-end" role="status">${count()}</span>
      <${PrintButton} title=${t('users.title')} filters=${filtersInWords()} columns=${props.columns} source=${source} count=${count()} />
    </div>`;

    const chosen = () => html`<${SelectionBar} selection=${selection} total=${source.total.value}>
      ${asking.value ? html`<b role="alert">${t('users.deleteQuestion', { n: selection.ids.value.size })}</b>
        <button type="button" class="btn" onClick=${() => (asking.value = false)}>${t('common.cancel')}</button>
        <button type="button" class="btn danger solid" disabled=${busy.value} onClick=${remove}>${t('form.delete')}</button>`
        : html`<button type="button" class="btn danger" onClick=${() => (asking.value = true)}>${t('form.delete')}</button>`}
    <//>`;

    return () => html`${selection.ids.value.size ? chosen() : filters()}
      ${problem.value && html`<div class="body flush"><${Notice} tone="bad" alert title=${t('users.noneDeleted')}
        text=${problem.value} /></div>`}`;
  },
};
