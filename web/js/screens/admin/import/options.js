import { onUnmounted, shallowRef, watch } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { dashboard, NEEDS_ATHLETES, NEEDS_RACE } from '../../../core/dashboard.js';
import { fmtDay } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

const MODES = ['partial', 'atomic'];
const DUPLICATES = ['error', 'skip', 'update'];
const RACES = 200;

/** What happens to bad and known rows, and what the rows may hang on. */
export const Options = {
  setup() {
    const races = shallowRef([]);
    const controller = new AbortController();
    onUnmounted(() => controller.abort());
    const needsRace = () => NEEDS_RACE.includes(dashboard.importKind);
    watch(needsRace, async (needed) => {
      if (!needed || races.value.length) return;
      const query = { sort: '-date', perPage: RACES };
      // Without the list the file itself may still name its race.
      races.value = (await read('/api/races', { query, signal: controller.signal }).catch(() => ({ races: [] }))).races;
    }, { immediate: true });

    const race = () => html`<div class="field half">
      <label for="import-race">${t('import.race')}</label>
      <select class="input" id="import-race" aria-describedby="import-race-about" value=${dashboard.importRace ?? ''}
        onChange=${(event) => (dashboard.importRace = Number(event.target.value) || null)}>
        <option value="">${t('import.raceOfFile')}</option>
        ${races.value.map(({ id, name, date }) => html`<option key=${id} value=${id}>${name}, ${fmtDay(date)}</option>`)}
      </select>
      <span class="hint" id="import-race-about">${t('import.raceHint')}</span>
    </div>`;

    const athletes = () => html`<div class="field half">
      <label class="tick"><input type="checkbox" class="check" id="import-create" checked=${dashboard.importCreatesAthletes}
        aria-describedby="import-create-about"
        onChange=${(event) => (dashboard.importCreatesAthletes = event.target.checked)} />${t('import.create')}</label>
      <span class="hint" id="import-create-about">${t('import.createHint')}</span>
    </div>`;

    return () => html`<div class="form-grid">
      ${needsRace() && race()}
      ${NEEDS_ATHLETES.includes(dashboard.importKind) && athletes()}
      ${choice('mode', t('import.mode'), MODES, 'importMode')}
      ${choice('duplicate', t('import.duplicate'), DUPLICATES, 'importOnDuplicate')}
    </div>`;
  },
};

/** A select whose value is a member of the dashboard. The hint says what the chosen one does. */
const choice = (name, label, values, member) => html`<div class="field half">
  <label for=${`import-${name}`}>${label}</label>
  <select class="input" id=${`import-${name}`} aria-describedby=${`import-${name}-about`} value=${dashboard[member]}
    onChange=${(event) => (dashboard[member] = event.target.value)}>
    ${values.map((value) => html`<option key=${value} value=${value}>${t(`import.${name}.${value}`)}</option>`)}
  </select>
  <span class="hint" id=${`import-${name}-about`}>${t(`import.${name}Hint.${dashboard[member]}`)}</span>
</div>`;
