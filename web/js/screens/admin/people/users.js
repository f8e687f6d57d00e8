// @ts-check
import { computed, ref } from '../../../core/vue.js';
import { dataChanged } from '../../../core/dashboard.js';
import { fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { route, setQuery } from '../../../core/router.js';
import { session } from '../../../core/session.js';
import { Empty } from '../../../ui/empty.js';
import { icon } from '../../../ui/icon.js';
import { Tabs } from '../../../ui/tabs.js';
import { toast } from '../../../ui/toast.js';
import { VTable } from '../../../ui/vtable.js';
import { NewPassword } from './new-password.js';
import { NewUser } from './new-user.js';
import { Policy } from './policy.js';
import { useUsers } from './use-users.js';
import { UserDrawer } from './user-drawer.js';
import { UserTools } from './user-tools.js';

const DOTS = { active: 'dot', inactive: 'dot off', suspended: 'dot bad' };

/** The accounts of this server, and what each role may do. What is open, searched and filtered stands in the address. */
export const Screen = {
  setup() {
    const users = useUsers();
    const { source, selection, sort, filtered, locked } = users;
    const openId = computed(() => route.value.query.get('id') ?? '');
    const part = computed(() => (route.value.query.get('part') === 'roles' ? 'roles' : 'accounts'));
    /** Whose new password is shown, this once. */
    const given = ref(/** @type {null | { name: string, email: string, password: string }} */ (null));

    const close = () => setQuery({ id: null });
    const changed = () => {
      dataChanged();
      void users.loadLocked();
    };
    const created = (/** @type {any} */ { user, password }) => {
      close();
      changed();
      if (password) given.value = { ...user, password };
      else toast(t('users.created', { name: user.name }));
    };
    const done = (/** @type {any} */ { what, row }) => {
      close();
      changed();
      toast(t(`users.${what}`, { name: row.name }));
    };

    const name = (/** @type {any} */ row) => (row.id === session.user?.id
      ? html`${row.name} <span class="badge">${t('users.you')}</span>` : row.name);
    /** Who has no password is active and still cannot sign in. */
    const isLocked = (/** @type {any} */ row) => row.status === 'active' && (row.hasPassword === false || locked.value.has(row.id));
    const statusText = (/** @type {any} */ row) => (isLocked(row) ? t('users.cannotSignIn') : t(`userStatus.${row.status}`));
    const status = (/** @type {any} */ row) => html`<span class="state">
      <span class=${isLocked(row) ? 'dot warn' : DOTS[/** @type {'active'} */ (row.status)]}></span>${statusText(row)}</span>`;
    /** On phones the role stands below the name, and the state only when it is not the usual one. */
    const under = (/** @type {any} */ row) => {
      const usual = row.status === 'active' && !isLocked(row);
      return usual ? t(`role.${row.role}`) : `${t(`role.${row.role}`)} · ${statusText(row)}`;
    };
    const columns = () => [
      { key: 'name', label: t('users.name'), sort: 'name', name: true, cell: name, under, text: (/** @type {any} */ row) => row.name },
      { key: 'email', label: t('users.email'), sort: 'email', opt: true, width: 'minmax(0, 2fr)' },
      { key: 'role', label: t('users.role'), sort: 'role', opt: true, width: 'minmax(0, 1.2fr)',
        cell: (/** @type {any} */ row) => t(`role.${row.role}`) },
      { key: 'status', label: t('users.status'), opt: true, width: 'minmax(5.5rem, 1.3fr)', cell: status },
      { key: 'lastLogin', label: t('users.lastLogin'), sort: 'lastLogin', opt: true,
        cell: (/** @type {any} */ row) => fmtMoment(row.lastLogin) || html`<span class="muted">${t('users.never')}</span>` },
    ];

    const empty = () => filtered.value
      ? html`<${Empty} title=${t('users.noneFound')} text=${t('list.noneFoundText')}>
        <button type="button" class="btn" onClick=${() => setQuery({ q: null, role: null, status: null })}>${t('list.clear')}</button><//>`
      : html`<${Empty} title=${t('users.none')} text=${t('users.noneText')} />`;

    const accounts = () => html`<section class="panel fill" role="tabpanel" id="users-panel" aria-label=${t('users.accounts')}>
      <${UserTools} users=${users} columns=${columns()} onDeleted=${changed} />
      <${VTable} label=${t('users.accounts')} columns=${columns()} source=${source} selection=${selection} sort=${sort.value}
        openId=${Number(openId.value) || undefined} href=${(/** @type {any} */ row) => `/admin/users?id=${row.id}`}
        onSort=${(/** @type {string} */ order) => setQuery({ sort: order }, { replace: true })}
        onOpen=${(/** @type {any} */ row) => setQuery({ id: row.id })}>${{ empty }}<//>
    </section>`;

    const tabs = () => [{ key: 'accounts', label: t('users.accounts') }, { key: 'roles', label: t('policy.title') }];
    const choose = (/** @type {string} */ key) => setQuery({ part: key === 'roles' ? key : null }, { replace: true });

    const drawer = () => {
      if (openId.value === 'new') return html`<${NewUser} onClose=${close} onCreated=${created} />`;
      return html`<${UserDrawer} key=${openId.value} id=${Number(openId.value)} locked=${locked.value.has(Number(openId.value))}
        onClose=${close} onDone=${done} onChanged=${changed}
        onPassword=${(/** @type {any} */ what) => (given.value = what)} />`;
    };

    return () => html`<div class=${['page', part.value === 'accounts' && 'tall']}>
      <div class="page-head">
        <div><h1>${t('users.title')}</h1><p>${t('users.text')} <a class="link" href="/admin/help/users-roles">${t('users.help')}</a></p></div>
        <button type="button" class="btn primary" onClick=${() => setQuery({ id: 'new' })}>${icon('plus')}${t('users.add')}</button>
      </div>
      <${Tabs} id="users" label=${t('users.parts')} tabs=${tabs()} current=${part.value} onChoose=${choose} />
      ${part.value === 'accounts' ? accounts() : html`<section class="panel" role="tabpanel" id="users-panel"
        aria-label=${t('policy.title')}><${Policy} /></section>`}
      ${openId.value && drawer()}
      ${given.value && html`<${NewPassword} ...${given.value} onClose=${() => (given.value = null)} />`}
    </div>`;
  },
};
