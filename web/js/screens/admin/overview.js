import { onUnmounted, shallowRef, watch } from '../../core/vue.js';
import { isAbort, read } from '../../core/api.js';
import { dashboard } from '../../core/dashboard.js';
import { fmtDay, fmtNumber } from '../../core/format.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { may } from '../../core/session.js';
import { Empty } from '../../ui/empty.js';
import { Notice } from '../../ui/notice.js';
import { ExportPanel } from './export-panel.js';
import { HealthPanel } from './health-panel.js';
import { ImportHistory } from './import/history.js';
import { ImportPanel } from './import/panel.js';
import { RaceStatus } from './races.js';

const RACES_SHOWN = 6;

/** Real counts, the latest races and imports, and how the database is. */
export const OverviewScreen = {
  setup() {
    const stats = shallowRef(null);
    const races = shallowRef(null);
    const problem = shallowRef(null);
    const controller = new AbortController();
    onUnmounted(() => controller.abort());

    const load = async () => {
      const { signal } = controller;
      try {
        const [counted, listed] = await Promise.all([
          read('/api/dashboard/stats', { signal }),
          read('/api/races', { query: { sort: '-date', perPage: RACES_SHOWN }, signal }),
        ]);
        stats.value = counted;
        races.value = listed.races;
        problem.value = null;
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      }
    };
    watch(() => dashboard.revision, load, { immediate: true });

    return () => html`<div class="page">
      <div class="page-head"><div><h1>${t('overview.title')}</h1><p>${t('overview.text')}</p></div></div>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('overview.failed')} text=${problem.value.message}>
        <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//>`}
      <${Counts} counts=${stats.value?.counts} />
      <div class="cols">
        <div class="stack g5">
          <${LatestRaces} races=${races.value} />
          <div class="pair">${may('admin') && html`<${ImportPanel} />`}<${ExportPanel} /></div>
          ${may('admin') && html`<${ImportHistory} />`}
        </div>
        <${HealthPanel} />
      </div>
    </div>`;
  },
};

/** Four numbers; a dash stands for one that is not known yet. */
const Counts = ({ counts }) => {
  const number = (name) => (counts ? fmtNumber(counts[name] ?? 0) : html`<span class="skeleton number"></span>`);
  const tiles = [
    { name: 'athletes', note: html`<a class="link" href="/admin/athletes">${t('overview.allAthletes')}</a>` },
    { name: 'races', note: counts && t('overview.events', { n: counts.events ?? 0 }) },
    { name: 'registrations', note: t('overview.registrationsNote') },
    { name: 'results', note: html`<a class="link" href="/">${t('overview.publicResults')}</a>` },
  ];
  return html`<dl class="stats" aria-busy=${String(!counts)}>${tiles.map(({ name, note }) => html`<div class="stat" key=${name}>
    <dt>${t(`overview.${name}`)}</dt><dd>${number(name)}</dd><dd class="note">${note}</dd></div>`)}</dl>`;
};
Counts.props = ['counts'];

const LatestRaces = ({ races }) => html`<section class="panel" aria-labelledby="latest-races">
  <header><h2 id="latest-races">${t('overview.latestRaces')}</h2><a class="link" href="/admin/races">${t('overview.allRaces')}</a></header>
  ${!races && html`<div class="body"><div class="skeleton tall"></div></div>`}
  ${races && !races.length && html`<${Empty} title=${t('races.none')}
    text=${t(may('races.write') ? 'races.noneText' : 'races.noneTextReader')}>
    ${may('races.write') && html`<a class="btn primary" href="/admin/races?id=new">${t('races.add')}</a>`}<//>`}
  ${races?.length > 0 && html`<div class="scroll"><table class="table">
    <thead><tr>
      <th scope="col">${t('races.date')}</th>
      <th scope="col">${t('races.name')}</th>
      <th scope="col" class="opt">${t('races.location')}</th>
      <th scope="col">${t('races.status')}</th>
    </tr></thead>
    <tbody>${races.map((race) => html`<tr key=${race.id}>
      <td class="tnum">${fmtDay(race.date)}</td>
      <td class="name"><a class="row-link" href=${`/admin/races?id=${race.id}`}>${race.name}</a></td>
      <td class="soft opt">${race.location}</td>
      <td><${RaceStatus} status=${race.status} /></td></tr>`)}</tbody>
  </table></div>`}
</section>`;
LatestRaces.props = ['races'];
