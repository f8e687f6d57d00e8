import { onMounted, ref } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Empty } from '../../../ui/empty.js';
import { Notice } from '../../../ui/notice.js';
import { PartState } from '../people/part-state.js';
import { Made } from './made.js';
import { NewStation } from './new-station.js';
import { StationCard } from './station-card.js';

const STATIONS = '/api/stations';
const LOOK_AGAIN_MS = 15_000;

/** The station links of one event, with the form for a new one, or without an event all of them. */
export const StationPanel = {
  props: { eventId: [Number, String] },
  setup(props) {
    const query = props.eventId ? { eventId: props.eventId } : {};
    const part = usePart((signal) => read(STATIONS, { query, signal, quiet: true }), { everyMs: LOOK_AGAIN_MS });
    /** The link that was just made: it is shown this once. */
    const made = ref(null);
    const problem = ref('');
    onMounted(part.load);

    const revoke = async (station) => {
      problem.value = '';
      try {
        await client.post(`${STATIONS}/${station.id}/revoke`, {});
      } catch (error) {
        problem.value = error.message;
      }
      await part.load();
    };
    const shown = (answer) => {
      made.value = answer;
      void part.load();
    };

    const list = () => {
      const { stations } = part.value.value;
      if (!stations.length) return html`<${Empty} title=${t('stations.none')} text=${t(props.eventId ? 'stations.noneHere' : 'stations.noneYet')} />`;
      return html`<ul class="stack g3">${stations.map((station) => html`<li key=${station.id}>
        <${StationCard} station=${station} showEvent=${!props.eventId} onRevoke=${() => revoke(station)} /></li>`)}</ul>`;
    };
    return () => html`<section class="stack">
      ${props.eventId && html`<${NewStation} eventId=${Number(props.eventId)} onMade=${shown} />`}
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('stations.notRevoked')} text=${problem.value} />`}
      <${PartState} part=${part} title=${t('stations.notLoaded')} />
      ${!part.error.value && part.value.value && list()}
      ${made.value && html`<${Made} made=${made.value} onClose=${() => (made.value = null)} />`}
    </section>`;
  },
};
