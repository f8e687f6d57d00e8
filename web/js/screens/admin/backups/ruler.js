import { computed } from '../../../core/vue.js';
import { fmtAgo, fmtMoment, fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { GROUPS, groupOf } from './kinds.js';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const TICKS_S = [15 * MINUTE_S, HOUR_S, 4 * HOUR_S, DAY_S, 3 * DAY_S, 7 * DAY_S, 30 * DAY_S];
/** What happened in the last minutes counts as much as what happened in the days before, so the ruler is the finer the nearer to now. */
const FINE_S = 5 * MINUTE_S;
const SHORTEST_S = HOUR_S;
/** Share of the width that a tick's words take on a phone. */
const TICK_WIDTH = 0.26;
/** Room for half a pin at both ends. */
const EDGE = 0.02;

const LANE_TOP = 16;
const LANE = 22;
const FOOT = LANE_TOP + GROUPS.length * LANE;
const SHAPES = { own: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z', hand: 'M-5-5h10v10h-10z', before: 'M0-6.5 6.5 0 0 6.5-6.5 0z' };

/**
 * The backups as pins over a ruler of time that ends with now. The sentence says what matters, and the list below the rest.
 *
 * Props: `backups`, the newest first; `now` in ms.
 */
export const Ruler = {
  props: { backups: { type: Array, required: true }, now: { type: Number, required: true } },
  setup(props) {
    const ageOf = (backup) => Math.max(0, (props.now - new Date(backup.created_at).getTime()) / 1000);
    const span = computed(() => Math.max(SHORTEST_S, ...props.backups.map(ageOf)));
    const along = (age) => 1 - EDGE - (1 - 2 * EDGE) * (Math.log1p(age / FINE_S) / Math.log1p(span.value / FINE_S));
    const percent = (age) => `${(along(age) * 100).toFixed(2)}%`;
    const ticks = computed(() => {
      let last = along(0);
      return TICKS_S.filter((age) => {
        const fits = age < span.value && last - along(age) >= TICK_WIDTH && along(age) > TICK_WIDTH / 2;
        if (fits) last = along(age);
        return fits;
      });
    });

    const pin = (backup) => html`<svg key=${backup.id} x=${percent(ageOf(backup))} y=${LANE_TOP + GROUPS.indexOf(groupOf(backup)) * LANE}
      overflow="visible" class=${['pin', groupOf(backup), !backup.verified && 'unsound']}>
      <title>${fmtMoment(backup.created_at)}</title><path d=${SHAPES[groupOf(backup)]} /></svg>`;

    const legend = (group) => {
      const n = props.backups.filter((backup) => groupOf(backup) === group).length;
      return html`<li key=${group}><svg class=${['pin', group]} viewBox="-7 -7 14 14" aria-hidden="true"><path d=${SHAPES[group]} /></svg>
        ${t(`ruler.${group}`)} <b class="tnum">${n}</b></li>`;
    };

    return () => html`<figure class="ruler">
      <svg class="ruler-picture" height=${FOOT + 22} aria-hidden="true">
        ${GROUPS.map((group, i) => html`<line key=${group} class="lane" x1="0" x2="100%" y1=${LANE_TOP + i * LANE} y2=${LANE_TOP + i * LANE} />`)}
        <line class="axis" x1="0" x2="100%" y1=${FOOT} y2=${FOOT} />
        ${[0, ...ticks.value].map((age) => html`<g key=${age}>
          <line class="axis" x1=${percent(age)} x2=${percent(age)} y1=${FOOT} y2=${FOOT + 4} />
          <text class=${age === 0 && 'end'} x=${age === 0 ? '100%' : percent(age)} y=${FOOT + 17}>${age === 0 ? t('ruler.now') : fmtSpan(age)}</text></g>`)}
        ${props.backups.map(pin).reverse()}
      </svg>
      <figcaption><p>${sentence(props.backups, props.now)}</p><ul class="legend">${GROUPS.map(legend)}</ul></figcaption>
    </figure>`;
  },
};

function sentence(backups, now) {
  const unsound = backups.filter((backup) => !backup.verified).length;
  const values = { n: backups.length, newest: fmtAgo(backups[0].created_at, now), oldest: fmtAgo(backups.at(-1).created_at, now) };
  return `${t('ruler.text', values)} ${t(unsound ? 'ruler.unsound' : 'ruler.sound', { n: unsound })}`;
}
