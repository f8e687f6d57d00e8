import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { may } from '../../../core/session.js';
import { Notice } from '../../../ui/notice.js';
import { placeOf, placeOfExample } from './decision-places.js';

const TONES = { bad: 'bad', warn: 'warn', info: 'note' };
const ORDER = Object.keys(TONES);

const badgeTone = (decisions) => ['bad', 'warn'].find((tone) => decisions.some(({ severity }) => severity === tone)) ?? '';

const worstFirst = (decisions) => [...decisions].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));

/**
 * What waits for a person: how bad, what, an example or two, and the place where it is settled.
 *
 * @param {{ decisions?: any[], loaded: boolean }} props
 */
export const Decisions = ({ decisions, loaded }) => html`<section class="panel" aria-labelledby="decisions-title">
  <header><h2 id="decisions-title">${t('decisions.title')}</h2>
    ${decisions?.length > 0 && html`<span class=${['badge', badgeTone(decisions)]}>
      ${t('decisions.count', { n: decisions.length })}</span>`}</header>
  ${!loaded && html`<div class="body"><div class="skeleton tall"></div></div>`}
  ${loaded && !decisions && html`<div class="body"><${Notice} tone="warn" title=${t('overview.notSaid')} text=${t('overview.notSaidText')} /></div>`}
  ${decisions?.length === 0 && html`<p class="body soft calm"><span class="dot"></span>${t('decisions.none')}</p>`}
  ${decisions?.length > 0 && html`<ul class="rows decisions">${worstFirst(decisions).map(line)}</ul>`}
</section>`;
Decisions.props = ['decisions', 'loaded'];

function line(decision) {
  const { code, severity, count, examples = [] } = decision;
  const place = placeOf(decision);
  const known = hasText(`decision.${code}.other`);
  return html`<li key=${code}>
    <span class=${['dot', TONES[severity]]}></span>
    <div class="grow">
      <b>${known ? t(`decision.${code}`, { n: count }) : t('decision.unknown', { code, n: count })}</b>
      <small><span class=${['severity', severity]}>${t(`severity.${severity}`)}</span>
        ${examples.map((example, i) => [i ? ', ' : ' · ', exampleOf(decision, example, i)])}
        ${count > examples.length && examples.length > 0 && ` ${t('decisions.more', { n: count - examples.length })}`}</small>
    </div>
    ${place && (!place.action || may(place.action)) && html`<a class="btn" href=${place.to}>${t(place.words)}</a>`}
  </li>`;
}

function exampleOf(decision, example, i) {
  const place = placeOfExample(decision, i);
  return place ? html`<a key=${i} class="example" href=${place}>${example}</a>` : example;
}
