import { computed, ref, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtDay } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { meet, meets } from '../../../core/meet.js';
import { go, route } from '../../../core/router.js';
import { may } from '../../../core/session.js';
import { ExportButton } from './button.js';
import { choice, format, kind, offered, query } from './choice.js';
import { ColumnChoice } from './column-choice.js';
import { Filters } from './filters.js';
import { ExportPreview } from './preview.js';
import { Selects } from './selects.js';

/** Kinds of rows that belong to a race. */
const OF_A_RACE = ['events', 'registrations', 'results'];

/** Parameters of the address that are no filters. */
const NO_FILTERS = ['kind', 'lang', 'race', 'raceId', 'sort'];

/** The filters of a list, handed over in the address. */
const handedOver = () => Object.fromEntries([...route.value.query].filter(([name]) => !NO_FILTERS.includes(name)));

/** The export as a page: what goes out and in which form, its columns, and its first rows. */
export const Screen = {
  setup() {
    const wish = route.value.query.get('kind');
    if (wish in offered.value) choice.kind = wish;
    // The filters of one list mean nothing for another.
    watch(kind, () => go('/admin/export', { replace: true }));
    const race = ref(Number(route.value.query.get('raceId')) || meet.id);
    const sort = () => route.value.query.get('sort');
    const filters = computed(() => ({ ...handedOver(), ...(sort() && { sort: sort() }), ...(race.value && OF_A_RACE.includes(kind.value) && { raceId: race.value }) }));
    const total = computed(() => {
      const counts = dashboard.lastCounts?.counts;
      if (!counts || Object.keys(filters.value).some((name) => name !== 'sort')) return undefined;
      if (kind.value === 'all') return ['users', 'athletes', 'races', 'events', 'registrations', 'results'].reduce((sum, name) => sum + (counts[name] ?? 0), 0);
      return counts[kind.value];
    });

    const raceChoice = () => html`<div class="field"><label for="export-race">${t('export.race')}</label>
      <select class="input" id="export-race" value=${race.value ?? ''} onChange=${(event) => (race.value = Number(event.target.value) || null)}>
        <option value="">${t('export.everyRace')}</option>
        ${(meets.rows ?? []).map(({ id, name, date }) => html`<option key=${id} value=${id}>${name}, ${fmtDay(date)}</option>`)}
      </select></div>`;
    const mark = () => html`<div class="field"><label class="tick"><input type="checkbox" class="check" id="export-bom" checked=${choice.bom}
        aria-describedby="export-bom-about" onChange=${(event) => (choice.bom = event.target.checked)} />${t('export.bom')}</label>
      <span class="hint" id="export-bom-about">${t('export.bomHint')}</span></div>`;
    const listed = () => ['athletes', 'registrations', 'results', 'events', 'races'].includes(kind.value);

    const choicePanel = () => html`<section class="panel" aria-labelledby="export-title">
      <header><h2 id="export-title">${t('export.file')}</h2></header>
      <div class="body stack">
        <${Selects} />
        <p class="soft small">${t(kind.value === 'all' ? `export.everything.${format.value}` : `export.hint.${format.value}`)}</p>
        ${OF_A_RACE.includes(kind.value) && raceChoice()}
        ${format.value === 'csv' && mark()}
        ${kind.value !== 'all' && html`<${ColumnChoice} />`}
        <${Filters} filters=${handedOver()} />
        ${listed() && html`<p class="soft small">${t('export.filtered')} <a class="link" href=${`/admin/${kind.value}`}>${t(`report.see.${kind.value}`)}</a></p>`}
      </div>
      <footer class="export-acts"><${ExportButton} primary kind=${kind.value} format=${format.value} query=${{ ...query.value, ...filters.value }}
        total=${total.value ?? 0} label=${t('export.download')} /></footer>
    </section>`;

    return () => html`<div class="page">
      <div class="page-head"><div><h1>${t('export.title')}</h1><p>${t(may('admin') ? 'export.text' : 'export.textPublic')}</p></div></div>
      <div class="export-page">
        ${choicePanel()}
        <${ExportPreview} filters=${filters.value} total=${total.value} />
      </div>
    </div>`;
  },
};
