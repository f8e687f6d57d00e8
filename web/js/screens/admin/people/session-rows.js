// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { fmtAgo, fmtMoment } from '../../../core/format.js';
import { icon } from '../../../ui/icon.js';
import { deviceOf } from './device.js';

const ICONS = { phone: 'phone', computer: 'screen', program: 'file' };

/**
 * Where somebody is signed in, one line a device. Emits `end` with the session that is to be signed out, if `canEnd` is set.
 */
export const SessionRows = {
  props: { sessions: { type: Array, required: true }, canEnd: Boolean, busy: Boolean },
  emits: ['end'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const button = (/** @type {any} */ session, /** @type {string} */ name) => html`<button type="button" class="btn"
      disabled=${props.busy} aria-label=${t('sessions.endLabel', { device: name })}
      onClick=${() => emit('end', session)}>${t('sessions.end')}</button>`;

    const line = (/** @type {any} */ session) => {
      const { name, kind } = deviceOf(session.userAgent);
      const facts = [
        session.ipAddress,
        t('sessions.since', { time: fmtMoment(session.createdAt) }),
        session.lastUsedAt && t('sessions.lastUsed', { time: fmtAgo(session.lastUsedAt) }),
      ];
      return html`<li key=${session.id}>
        ${icon(ICONS[kind])}
        <div class="grow"><b>${name}</b> ${session.current && html`<span class="badge ok">${t('sessions.thisDevice')}</span>`}
          <small>${facts.filter(Boolean).join(' · ')}</small></div>
        ${props.canEnd && button(session, name)}
      </li>`;
    };

    // The device in the hand first, then the one that was used last.
    const order = (/** @type {any} */ a, /** @type {any} */ b) => Number(b.current) - Number(a.current)
      || String(b.lastUsedAt ?? b.createdAt).localeCompare(String(a.lastUsedAt ?? a.createdAt));

    return () => html`<ul class="rows session-rows">${[...props.sessions].sort(order).map(line)}</ul>`;
  },
};
