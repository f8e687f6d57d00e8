// @ts-check
import { computed, onMounted, shallowRef } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { changesOf } from '../../../core/live.js';
import { route } from '../../../core/router.js';
import { useSelection } from '../../../core/selection.js';
import { useWindow } from '../../../core/window.js';

export const USERS = '/api/admin/users';

/** Roles as the server orders them, from the one who may most. */
export const ROLES = ['admin', 'chief_registrar', 'registrar', 'official', 'starter', 'coach', 'athlete', 'viewer'];
export const STATUSES = ['active', 'inactive', 'suspended'];

/** The accounts as the address filters them, which of them are chosen, and who cannot sign in yet. */
export function useUsers() {
  const asked = (/** @type {string} */ name) => route.value.query.get(name) ?? '';
  const sort = computed(() => asked('sort') || 'name');
  const query = () => ({ q: asked('q'), role: asked('role'), status: asked('status'), sort: sort.value });
  const source = useWindow({ path: USERS, plural: 'users', query, changed: () => dashboard.revision + changesOf('user') });
  const selection = useSelection({ path: USERS, query });
  const filtered = computed(() => ['q', 'role', 'status'].some((name) => asked(name)));

  /** Ids of accounts without a password, as far as the server tells. */
  const locked = shallowRef(/** @type {Set<number>} */ (new Set()));
  async function loadLocked() {
    try {
      const { decisions = [] } = await read('/api/dashboard/stats', { quiet: true });
      const found = decisions.find((/** @type {any} */ one) => one.code === 'users-without-password');
      locked.value = new Set(found?.ids ?? []);
    } catch {
      // Then nothing is claimed about it.
    }
  }
  onMounted(loadLocked);

  /** Accounts are few: all of them are read to choose all. */
  async function chooseAll() {
    const rows = await source.rowsBetween(0, (source.total.value ?? 0) - 1);
    selection.replace(rows.map((row) => row.id));
  }

  return { source, selection: { ...selection, all: chooseAll }, sort, asked, filtered, locked, loadLocked };
}
