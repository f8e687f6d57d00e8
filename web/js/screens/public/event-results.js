import { html } from '../../core/html.js';
import { hasText, t } from '../../core/i18n.js';
import { fmtDistance, fmtTime, fmtWind, orDash } from '../../core/format.js';

/** The mark as it is printed, or the letters of the sport for a result without one. */
function markOf(result) {
  if (result.status !== 'finished') return t(`resultStatus.${result.status}`);
  if (result.timeSeconds !== null && result.timeSeconds !== undefined) return fmtTime(result.timeSeconds);
  if (result.distanceMeters !== null && result.distanceMeters !== undefined) return fmtDistance(result.distanceMeters);
  return result.points === null || result.points === undefined ? orDash('') : t('public.points', { n: result.points });
}

const wordFor = (key, otherwise) => (hasText(key) ? t(key) : otherwise);

/** One heat or final as a list, which reads well on a phone and prints. */
export const EventResults = ({ group }) => {
  const { results, round, heat } = group;
  const stage = round.toLowerCase();
  // "Heat 2" alone says that it is a round of heats.
  const roundWord = heat && /^heats?$/.test(stage) ? '' : round && wordFor(`round.${stage}`, stage);
  const where = [group.gender && wordFor(`eventGender.${group.gender}`, group.gender), roundWord, heat && t('public.heat', { heat })];
  // One gauge for all who run together: the wind belongs to the heat. In the field every attempt has its own.
  const winds = new Set(results.map((result) => result.windSpeed).filter((wind) => wind !== null && wind !== undefined));
  const shared = group.category === 'Track' && winds.size === 1 ? [...winds][0] : null;
  if (shared !== null) where.push(t('public.wind', { wind: fmtWind(shared) }));
  return html`<section class="event" aria-label=${[group.event, ...where].filter(Boolean).join(', ')}>
    <header><h2>${group.event}</h2><p>${where.filter(Boolean).join(' · ')}</p></header>
    <ol class="results">${results.map((result) => html`<li key=${result.id}>
      <span class=${['place', stage === 'final' && result.position <= 3 && `place-${result.position}`]}>${orDash(result.position)}</span>
      <span><b>${result.athleteName}</b><small>${result.country}</small></span>
      <span class="mark">${markOf(result)}${result.isRecord && html`<span class="tag">${result.recordType || t('public.record')}</span>`}
        ${shared === null && typeof result.windSpeed === 'number' && html`<small>${fmtWind(result.windSpeed)}</small>`}</span>
    </li>`)}</ol>
  </section>`;
};
EventResults.props = ['group'];
