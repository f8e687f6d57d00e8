import { fmtClock } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { checkText, toneOfPart } from './words.js';

const ORDER = ['api', 'database', 'cache', 'disk', 'backup'];

/**
 * The parts of the server, each with its state in a word and what that means.
 *
 * @param {{ part: any }} props the answer of `/health` as `usePart` gives it
 */
export const Checks = ({ part }) => {
  const answer = part.value.value;
  const error = part.error.value;
  return html`<section class="panel" aria-labelledby="checks-title">
    <header><h2 id="checks-title">${t('health.parts')}</h2>
      ${part.at.value > 0 && html`<span class="muted small tnum">${t('health.checkedAt', { time: fmtClock(part.at.value) })}</span>`}</header>
    ${error && !answer && html`<div class="body"><${Notice} tone="bad" alert title=${t('health.notAnswered')} text=${error.message} /></div>`}
    ${!answer && !error && html`<div class="body"><div class="skeleton tall"></div></div>`}
    ${answer && html`<ul class=${['parts', error && 'old']}>${namesOf(answer.checks).map((name) => tile(name, answer.checks[name], error))}</ul>`}
  </section>`;
};
Checks.props = ['part'];

const namesOf = (checks) => [...ORDER.filter((name) => name in checks), ...Object.keys(checks).filter((name) => !ORDER.includes(name))];

/** What was true before the server fell silent is drawn without colour. */
const tile = (name, state, old) => html`<li key=${name}>
  <h3>${hasText(`health.part.${name}`) ? t(`health.part.${name}`) : name}</h3>
  <p class="state"><span class=${['dot', old ? 'off' : toneOfPart(name, state)]}></span><b>${checkText(state)}</b></p>
  ${hasText(`health.partNote.${name}.${state}`) && html`<small>${t(`health.partNote.${name}.${state}`)}</small>`}
</li>`;
