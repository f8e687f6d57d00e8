import { onMounted } from '../../core/vue.js';
import { fmtHour } from '../../core/format.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { LanguageMenu } from '../../ui/language-menu.js';
import { icon } from '../../ui/icon.js';
import { Notice } from '../../ui/notice.js';
import { ThemeMenu } from '../../ui/theme-menu.js';
import { DemoBanner } from '../account/banners.js';
import { eventTitle } from '../admin/entities/words.js';
import { board, watchBoard } from './board.js';
import { EnterForm } from './enter.js';
import { outbox, startOutbox } from './outbox.js';
import { PresenceList } from './presence.js';
import { ResultList } from './results.js';
import { Saved, Unsaved } from './unsaved.js';
import { leave, start, visit } from './visit.js';

const Menus = () => html`<div class="gate-menus"><${LanguageMenu} /><${ThemeMenu} /></div>`;

/** For who comes without a link, or with one that has ended. */
const NoStation = () => html`<main class="station-gate" tabindex="-1">
  <${Notice} tone="info" title=${t('station.scanTitle')} text=${t('station.scanText')} />
</main>`;

/** The link is over: what is not saved yet is shown, so that it can be written down. */
const Ended = () => html`<${Notice} tone="bad" alert title=${t('station.ended')} text=${visit.ended}>
  ${!outbox.changes.length && html`<button type="button" class="btn" onClick=${leave}>${t('station.forget')}</button>`}
<//>`;

const Loading = () => (board.problem
  ? html`<${Notice} tone="bad" alert title=${t('station.notLoaded')} text=${board.problem === 'away' ? t('station.awayText') : board.problem} />`
  : html`<div class="skeleton" aria-busy="true"></div>`);

const AtStation = () => html`<div class="station">
  <${DemoBanner} />
  <header class="station-top">
    <div class="grow">
      <h1>${board.event ? eventTitle(board.event) : visit.station.label}</h1>
      ${board.event && html`<p>${board.event.raceName}</p>`}
      <p>${[visit.station.person, t('station.until', { time: fmtHour(visit.station.expiresAt) })].join(' · ')}</p>
    </div>
    <${Menus} />
    <button type="button" class="btn ghost icon-only" aria-label=${t('station.leave')} disabled=${outbox.changes.length > 0}
      onClick=${leave}>${icon('out')}</button>
  </header>
  <main class="station-main" tabindex="-1">
    ${visit.ended && html`<${Ended} />`}
    <${Unsaved} />
    ${!board.event ? html`<${Loading} />` : visit.station.role === 'starter' ? html`<${PresenceList} />` : html`<${ResultList} />`}
  </main>
  <${Saved} />
</div>`;

/** Enters results, or marks who is there, at one event: for whoever holds the phone at the station. */
export const StationPage = {
  setup() {
    start();
    // Another link that is opened here loads no new page.
    addEventListener('hashchange', start);
    onMounted(() => {
      startOutbox();
      watchBoard();
    });
    return () => {
      if (visit.secret) return html`<div class="gate-page"><${DemoBanner} /><header class="gate-top"><span></span><${Menus} /></header><${EnterForm} /></div>`;
      if (visit.token && visit.station) return html`<${AtStation} />`;
      return html`<div class="gate-page"><${DemoBanner} /><header class="gate-top"><span></span><${Menus} /></header><${NoStation} /></div>`;
    };
  },
};
