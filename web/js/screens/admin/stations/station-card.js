import { ref } from '../../../core/vue.js';
import { fmtAgo, fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { titleOfItsEvent } from '../entities/words.js';
import { deviceOf } from '../people/device.js';

/** `open`, or why it opens no more. */
const stateOf = ({ isOpen, revokedAt }) => (isOpen ? 'open' : revokedAt ? 'revoked' : 'ended');
const TONES = { open: 'ok', revoked: 'bad', ended: '' };

/** One station link: who came in by it, and the end of it. Ending is asked twice, as nobody can undo it. */
export const StationCard = {
  props: { station: { type: Object, required: true }, showEvent: Boolean },
  emits: ['revoke'],
  setup(props, { emit }) {
    const asks = ref(false);
    const revoke = () => {
      if (asks.value) emit('revoke');
      asks.value = !asks.value;
    };
    const visit = ({ person, userAgent, lastSeenAt }) => html`<li><b>${person}</b>
      <small>${[deviceOf(userAgent).name, t('stations.seen', { time: fmtAgo(lastSeenAt) })].join(' · ')}</small></li>`;
    return () => {
      const { station } = props;
      const state = stateOf(station);
      const event = titleOfItsEvent(station);
      const isNamedByEvent = station.label === station.eventName;
      const facts = [props.showEvent && (isNamedByEvent ? station.raceName : `${event}, ${station.raceName}`), t(`stations.does.${station.role}`),
        t('stations.until', { time: fmtMoment(station.expiresAt) }), t('stations.by', { name: station.createdBy })];
      return html`<article class="panel station-card">
        <header><h3 class="grow">${isNamedByEvent ? event : station.label}</h3><span class=${['badge', TONES[state]]}>${t(`stations.${state}`)}</span></header>
        <div class="body stack g3">
          <p class="soft small">${facts.filter(Boolean).join(' · ')}</p>
          ${station.visits.length ? html`<ul class="rows">${station.visits.map(visit)}</ul>` : html`<p class="muted small">${t('stations.nobody')}</p>`}
          ${station.isOpen && html`<div class="cluster"><button type="button" class=${['btn', 'danger', asks.value && 'solid']} onClick=${revoke}>
            ${asks.value ? t('stations.revokeReally') : t('stations.revoke')}</button>
            ${asks.value && html`<button type="button" class="btn" onClick=${() => (asks.value = false)}>${t('stations.keep')}</button>`}</div>`}
        </div>
      </article>`;
    };
  },
};
