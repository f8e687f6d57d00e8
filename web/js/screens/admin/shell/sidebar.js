import { dashboard } from '../../../core/dashboard.js';
import { fmtNumber } from '../../../core/format.js';
import { isLoopback } from '../../../core/here.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { chosenMeet } from '../../../core/meet.js';
import { route } from '../../../core/router.js';
import { info } from '../../../core/server-info.js';
import { may } from '../../../core/session.js';
import { Brand, homeLabel } from '../../../ui/brand.js';
import { icon } from '../../../ui/icon.js';
import { LanguageMenu } from '../../../ui/language-menu.js';
import { ThemeMenu } from '../../../ui/theme-menu.js';
import { ROUTES, pathOfScreen } from '../routes.js';
import { MeetSwitch } from './meet-switch.js';
import { visibleNavigation } from './navigation.js';
import { prepareScreen } from './screen-host.js';

/** Everything that leads elsewhere. On phones a drawer, which then also holds what the top bar has no room for. */
export const Sidebar = ({ open }, { emit }) => html`<nav class=${['side', open && 'open']} aria-label=${t('nav.label')} id="side">
  <div class="side-head">
    <a href="/admin" aria-label=${homeLabel()}><${Brand} /></a>
    <button type="button" class="btn ghost icon-only mob" aria-label=${t('nav.close')} onClick=${() => emit('close')}>${icon('close')}</button>
  </div>
  <${MeetSwitch} />
  <div class="nav">${visibleNavigation().map(group)}</div>
  <div class="side-foot">
    <div class="cluster mob"><${ThemeMenu} up wide /><${LanguageMenu} up wide /></div>
    ${joinCode()}
    ${t(isLoopback() && !info.value?.join ? 'nav.server' : 'nav.join')}<b>${address()}</b>
    ${info.value?.version && t('nav.version', { version: info.value.version })}
    <a class="link" href="/api/docs">${t('docs.link')}</a>
  </div>
</nav>`;
Sidebar.props = ['open'];
Sidebar.emits = ['close'];

/** What somebody types who cannot scan the code beside it. */
const address = () => (isLoopback() && info.value?.join ? new URL(info.value.join).host : location.host);

/** What a phone in the hall opens, where it can. */
const joinCode = () => info.value?.join && html`<img class="join-code desk" src="/api/join/qr.svg" width="96" height="96"
  alt=${t('network.code', { address: info.value.join })} />`;

const group = ({ group: title, links }) => html`<div key=${title} role="group" aria-label=${t(title)}>
  <h2 aria-hidden="true">${t(title)}</h2>
  <ul>${links.map(link)}</ul>
</div>`;

const link = ({ to, icon: name, text, count }) => {
  const isCurrent = navigationPath() === to;
  const prepare = ROUTES[to] && !isCurrent ? () => prepareScreen(to) : null;
  return html`<li key=${to}>
    <a href=${to} aria-current=${isCurrent ? 'page' : null} onPointerenter=${prepare} onFocus=${prepare}>
      ${icon(name)}<span>${t(text)}</span>
      ${count && countsAll(count) && dashboard.lastCounts && html`<span class="count">${fmtNumber(countOf(count))}</span>`}
    </a>
  </li>`;
};

const OF_A_RACE = { events: 'eventCount', registrations: 'registrationCount', results: 'resultCount' };

/** As many as the list behind the link has: of the chosen race, where it is one of a race. */
const countOf = (name) => chosenMeet.value?.[OF_A_RACE[name]] ?? dashboard.lastCounts.counts[name] ?? 0;

/** Coaches and athletes see entries of their own only: the number of all would promise more than their list holds. */
const countsAll = (count) => count !== 'registrations' || may('registrations.presence') || may('results.write');

/** The link that is lit: a screen below another, such as the duplicates of athletes, lights that one's. */
function navigationPath() {
  const path = pathOfScreen(route.value.path);
  return path.startsWith('/admin/athletes/') ? '/admin/athletes' : path;
}
