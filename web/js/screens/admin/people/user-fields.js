// @ts-check
import { t } from '../../../core/i18n.js';
import { session } from '../../../core/session.js';
import { ROLES, STATUSES } from './use-users.js';

/** Only an administrator makes administrators; the server refuses it to others. */
const rolesToGive = () => (session.user?.role === 'admin' ? ROLES : ROLES.filter((role) => role !== 'admin'));

/** @param {string} role the present one, which stays in the list whoever looks at it */
export const userFields = (role) => [
  { name: 'name', label: t('users.name'), required: true, max: 100 },
  { name: 'email', label: t('users.email'), type: 'email', required: true, max: 254, hint: t('users.emailHint') },
  { name: 'role', label: t('users.role'), half: true, options: ROLES
    .filter((one) => one === role || rolesToGive().includes(one)).map((one) => ({ value: one, label: t(`role.${one}`) })) },
  { name: 'status', label: t('users.status'), half: true, options: STATUSES
    .map((one) => ({ value: one, label: t(`userStatus.${one}`) })) },
];
