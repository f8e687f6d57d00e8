import { fmtDay } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { meets } from '../../../core/meet.js';
import { may } from '../../../core/session.js';
import { Empty } from '../../../ui/empty.js';
import { Notice } from '../../../ui/notice.js';

const SHOWN = 6;
const STATUSES = { scheduled: '', ongoing: 'live', completed: 'ok', cancelled: 'bad' };

const status = (name) => html`<span class=${['badge', STATUSES[name]]}>${name in STATUSES ? t(`raceStatus.${name}`) : name}</span>`;

/** The newest of the races that the meet switch knows. */
export const LatestRaces = () => html`<section class="panel" aria-labelledby="latest-races">
  <header><h2 id="latest-races">${t('overview.latestRaces')}</h2><a class="link" href="/admin/races">${t('overview.allRaces')}</a></header>
  ${!meets.rows && meets.error && html`<div class="body"><${Notice} tone="bad" title=${t('overview.failed')} text=${meets.error.message} /></div>`}
  ${!meets.rows && !meets.error && html`<div class="body"><div class="skeleton tall"></div></div>`}
  ${meets.rows?.length === 0 && html`<${Empty} title=${t('races.none')}
    text=${t(may('races.write') ? 'races.noneText' : 'races.noneTextReader')}>
    ${may('races.write') && html`<a class="btn primary" href="/admin/races?id=new">${t('races.add')}</a>`}<//>`}
  ${meets.rows?.length > 0 && html`<div class="scroll"><table class="table">
    <thead><tr>
      <th scope="col">${t('races.date')}</th>
      <th scope="col">${t('races.name')}</th>
      <th scope="col" class="opt">${t('races.location')}</th>
      <th scope="col">${t('races.status')}</th>
    </tr></thead>
    <tbody>${meets.rows.slice(0, SHOWN).map((race) => html`<tr key=${race.id}>
      <td class="tnum">${fmtDay(race.date)}</td>
      <td class="name"><a class="row-link" href=${`/admin/races?id=${race.id}`}>${race.name}</a></td>
      <td class="soft opt">${race.location}</td>
      <td>${status(race.status)}</td></tr>`)}</tbody>
  </table></div>`}
</section>`;
