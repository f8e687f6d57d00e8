// @ts-check
import { computed, onMounted } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { icon } from '../../../ui/icon.js';
import { PartState } from './part-state.js';
import { ROLES } from './use-users.js';

/**
 * What people ask about, and the operation of the API that answers it: who may do it stands in the server's own description. A row
 * whose operation this server does not have is not drawn. `note` is the number of the words below the table.
 *
 * @type {{ subject: string, rows: { name: string, method: string, path: string, note?: number }[] }[]}
 */
const SUBJECTS = [
  {
    subject: 'see',
    rows: [
      { name: 'results', method: 'get', path: '/api/results' },
      { name: 'registrations', method: 'get', path: '/api/registrations', note: 1 },
    ],
  },
  {
    subject: 'meet',
    rows: [
      { name: 'athletes', method: 'post', path: '/api/athletes', note: 2 },
      { name: 'merge', method: 'post', path: '/api/athletes/{id}/merge' },
      { name: 'enter', method: 'post', path: '/api/registrations' },
      { name: 'presence', method: 'put', path: '/api/registrations/{id}', note: 3 },
      { name: 'races', method: 'post', path: '/api/races' },
      { name: 'enterResults', method: 'post', path: '/api/results' },
      { name: 'deleteResults', method: 'delete', path: '/api/results/{id}' },
    ],
  },
  {
    subject: 'server',
    rows: [
      { name: 'users', method: 'get', path: '/api/admin/users', note: 4 },
      { name: 'import', method: 'post', path: '/api/admin/import/athletes-csv' },
      { name: 'exportAll', method: 'get', path: '/api/admin/export/all-json' },
      { name: 'audit', method: 'get', path: '/api/admin/audit-logs' },
      { name: 'backups', method: 'post', path: '/api/admin/backups' },
      { name: 'settings', method: 'put', path: '/api/admin/settings' },
    ],
  },
];

/** What each role may do, as the server itself decides it. */
export const Policy = {
  setup() {
    const part = usePart((signal) => read('/api/openapi.json', { signal }));
    onMounted(part.load);
    const subjects = computed(() => {
      const paths = part.value.value?.paths ?? {};
      const known = (/** @type {any} */ row) => paths[row.path]?.[row.method];
      return SUBJECTS.map(({ subject, rows }) => ({
        subject,
        rows: rows.filter(known).map((row) => ({ ...row, roles: /** @type {string[] | null} */ (known(row)['x-roles'] ?? null) })),
      })).filter(({ rows }) => rows.length);
    });
    const notes = computed(() => subjects.value.flatMap(({ rows }) => rows.map(({ note }) => note ?? 0)).filter(Boolean));

    const cell = (/** @type {string} */ role, /** @type {string[] | null} */ roles) => {
      const allowed = !roles || roles.includes(role);
      return html`<td key=${role} class=${allowed ? 'may' : 'may-not'}>
        ${allowed ? icon('check') : html`<span aria-hidden="true">${'\u2013'}</span>`}
        <span class="sr">${t(allowed ? 'policy.yes' : 'policy.no')}</span></td>`;
    };
    const line = (/** @type {any} */ row) => html`<tr key=${row.name}>
      <th scope="row">${t(`policy.${row.name}`)}${row.note && html`<sup>${row.note}</sup>`}
        ${!row.roles && html`<small>${t('policy.everyone')}</small>`}</th>
      ${ROLES.map((role) => cell(role, row.roles))}</tr>`;

    const table = () => html`<div class="scroll" tabindex="0" role="region" aria-label=${t('policy.title')}>
      <table class="table policy">
        <thead><tr><td></td>${ROLES.map((role) => html`<th key=${role} scope="col">${t(`role.${role}`)}</th>`)}</tr></thead>
        ${subjects.value.map(({ subject, rows }) => html`<tbody key=${subject}>
          <tr class="subject"><th scope="rowgroup" colspan=${ROLES.length + 1}>${t(`policy.subject.${subject}`)}</th></tr>
          ${rows.map(line)}</tbody>`)}
      </table></div>
      <ol class="policy-notes">${notes.value.map((note) => html`<li key=${note} value=${note}>${t(`policy.note.${note}`)}</li>`)}</ol>
      <div class="body ruled"><dl class="role-texts">${ROLES.map((role) => html`<div key=${role}>
        <dt>${t(`role.${role}`)}</dt><dd>${t(`roleText.${role}`)}</dd></div>`)}</dl></div>`;

    return () => html`<header><h2>${t('policy.title')}</h2><span class="muted small opt">${t('policy.from')}</span></header>
      <${PartState} part=${part} title=${t('policy.failed')} />
      ${!part.error.value && part.value.value && table()}`;
  },
};
