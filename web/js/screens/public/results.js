import { computed, onMounted, onUnmounted, ref, shallowRef, watch } from '../../core/vue.js';
import { client, isAbort, read } from '../../core/api.js';
import { fmtClock, fmtDate, fmtDay } from '../../core/format.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { route, setQuery } from '../../core/router.js';
import { info } from '../../core/server-info.js';
import { Brand, homeLabel } from '../../ui/brand.js';
import { Empty } from '../../ui/empty.js';
import { Notice } from '../../ui/notice.js';
import { ThemeMenu } from '../../ui/theme-menu.js';
import { DemoBanner, SetupNotice } from '../account/banners.js';
import { EventResults } from './event-results.js';
import { groupResults } from './group-results.js';

const REFRESH_MS = 30_000;
const PAGE = 500;

/** Every page of a list; a meet rarely has more than two of them. */
async function readAll(path, plural, query, signal) {
  const rows = [];
  for (let page = 1; ; page += 1) {
    const answer = await read(path, { query: { ...query, page, perPage: PAGE }, signal, quiet: true });
    rows.push(...answer[plural]);
    if (!answer.count || rows.length >= answer.total) return rows;
  }
}

/** The results of one race, for everybody. The race stands in the address, so that it can be shared. */
export const ResultsPage = {
  setup() {
    const races = shallowRef(null);
    const results = shallowRef(null);
    const problem = shallowRef(null);
    const updatedAt = ref(0);
    let controller = new AbortController();

    const raceId = computed(() => {
      const wanted = Number(route.value.query.get('race'));
      const list = races.value ?? [];
      return (list.find((race) => race.id === wanted) ?? firstWithResults(list))?.id ?? null;
    });
    const race = computed(() => races.value?.find((one) => one.id === raceId.value));

    const load = async () => {
      controller.abort();
      controller = new AbortController();
      const { signal } = controller;
      try {
        races.value = await readAll('/api/races', 'races', { sort: '-date' }, signal);
        results.value = raceId.value === null ? [] : await readAll('/api/events/results', 'results', { race_id: raceId.value }, signal);
        problem.value = null;
        updatedAt.value = Date.now();
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      }
    };
    watch(() => route.value.query.get('race'), () => {
      results.value = null;
      void load();
    });

    const refresh = () => document.hidden || void load();
    let timer = 0;
    onMounted(() => {
      document.title = `${t('public.title')} · ${t('app.name')}`;
      void load();
      timer = setInterval(refresh, REFRESH_MS);
      document.addEventListener('visibilitychange', refresh);
    });
    onUnmounted(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
      controller.abort();
    });

    const body = () => {
      if (!races.value || !results.value) return problem.value ? null : html`<div class="body"><div class="skeleton tall"></div></div>`;
      if (!races.value.length) return html`<${Empty} title=${t('public.noRaces')} text=${t('public.noRacesText')} />`;
      if (!results.value.length) return html`<${Empty} title=${t('public.noResults')} text=${t('public.noResultsText')} />`;
      return groupResults(results.value).map((group) => html`<${EventResults} key=${group.key} group=${group} />`);
    };

    return () => html`<div class="public">
      <a class="skip" href="#main">${t('nav.skip')}</a>
      <${DemoBanner} />
      <header class="public-top"><a href="/" aria-label=${homeLabel()}><${Brand} /></a><span class="grow"></span><${ThemeMenu} />
        <a class="btn" href="/admin">${t(client.token ? 'public.dashboard' : 'public.signIn')}</a></header>
      <main id="main" tabindex="-1">
        <div class="result-head">
          <h1>${race.value?.name ?? t('public.title')}</h1>
          ${race.value && html`<p class="soft">${fmtDate(race.value.date)} · ${race.value.location}</p>`}
          ${races.value?.length > 1 && html`<div class="field"><label for="race">${t('public.race')}</label>
            <select class="input" id="race" value=${raceId.value} onChange=${(event) => setQuery({ race: event.target.value })}>
              ${races.value.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}, ${fmtDay(one.date)}</option>`)}
            </select></div>`}
        </div>
        ${info.value?.setup_needed && !client.token && html`<div class="body"><${SetupNotice} /></div>`}
        ${problem.value && html`<div class="body"><${Notice} tone="bad" title=${t('public.failed')}
          text=${updatedAt.value ? t('public.lastKnown', { time: fmtClock(updatedAt.value) }) : problem.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//></div>`}
        ${body()}
      </main>
      <footer class="public-foot">${updatedAt.value > 0 && t('public.updated', { time: fmtClock(updatedAt.value) })}</footer>
    </div>`;
  },
};

/** Without a wish: what is going on, else what is over, else what comes. */
function firstWithResults(races) {
  const withStatus = (status) => races.find((race) => race.status === status);
  return withStatus('ongoing') ?? withStatus('completed') ?? races[0];
}
