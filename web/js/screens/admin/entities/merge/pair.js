import { reactive, ref, shallowRef, useId } from '../../../../core/vue.js';
import { amounts } from '../../../../core/amounts.js';
import { client } from '../../../../core/api.js';
import { fmtDay, orDash } from '../../../../core/format.js';
import { html } from '../../../../core/html.js';
import { hasText, t } from '../../../../core/i18n.js';
import { icon } from '../../../../ui/icon.js';
import { Notice } from '../../../../ui/notice.js';
import { genderText, markText, roundText } from '../words.js';

/** What is compared, in this order. */
const FIELDS = ['name', 'bibNumber', 'dateOfBirth', 'yearOfBirth', 'gender', 'country', 'clubTeam', 'coach', 'email', 'phone'];

/**
 * Two athletes side by side. Where they differ somebody chooses which value stays; then one athlete takes over the entries and results
 * of the other. Emits `merged` with the server's answer, and `two` when they are two people.
 */
export const Pair = {
  props: { pair: Object },
  emits: ['merged', 'two'],
  setup(props, { emit }) {
    const prefix = useId();
    const [left, right] = props.pair.athletes;
    const keptSide = weight(right) > weight(left) ? 1 : 0;
    /** A value stays rather than none. */
    const begin = (name) => (blank(props.pair.athletes[keptSide][name]) ? 1 - keptSide : keptSide);
    const choice = reactive(Object.fromEntries(FIELDS.map((name) => [name, begin(name)])));
    const busy = ref(false);
    const problem = shallowRef(null);

    const differs = (name) => (left[name] ?? '') !== (right[name] ?? '');
    const dated = !blank(left.dateOfBirth) || !blank(right.dateOfBirth);
    /** A date of birth says the year too. */
    const rows = () => FIELDS.filter((name) => (!blank(left[name]) || !blank(right[name])) && !(dated && name === 'yearOfBirth'));
    const values = () => {
      const kept = props.pair.athletes[keptSide];
      const chosen = rows().filter(differs).map((name) => [name, props.pair.athletes[choice[name]][name]]);
      return Object.fromEntries(chosen.filter(([name, value]) => value !== kept[name] && !blank(value)));
    };

    const merge = async () => {
      busy.value = true;
      problem.value = null;
      const [kept, from] = keptSide === 0 ? [left, right] : [right, left];
      try {
        emit('merged', await client.post(`/api/athletes/${kept.id}/merge`, { from: from.id, values: values() }));
      } catch (error) {
        problem.value = error;
      }
      busy.value = false;
    };

    const cell = (name, side) => {
      const athlete = props.pair.athletes[side];
      const value = athlete[name];
      const shown = orDash(valueText(name, value) ?? (name === 'dateOfBirth' ? athlete.yearOfBirth : null));
      if (!differs(name)) return html`<td>${shown}</td>`;
      return html`<td class=${['differs', choice[name] === side && 'chosen']}><label class="tick">
        <input type="radio" class="radio" name=${`${prefix}-${name}`} checked=${choice[name] === side} disabled=${blank(value)}
          onChange=${() => (choice[name] = side)} /><span>${shown}</span></label></td>`;
    };

    const holds = (athlete) => amounts({ registrations: athlete.registrationCount ?? 0, results: athlete.resultCount ?? 0 });
    const column = (athlete) => html`<th scope="col">
      <a class="link" href=${`/admin/athletes?id=${athlete.id}`}>${t('merge.athlete', { id: String(athlete.id) })}</a>
      <small>${holds(athlete)}</small></th>`;

    const conflictText = ({ eventName = '', round, kept, other }) => t('merge.conflict',
      { event: eventName, round: round ? roundText(round) : '', kept: markOf(kept), other: markOf(other) });
    const conflicts = () => (problem.value?.body?.conflicts ?? []).map((one, index) => html`<li key=${index}>${conflictText(one)}</li>`);

    const notMerged = () => html`<div class="vtable-note">
      <${Notice} tone="bad" alert title=${t('merge.notMerged')} text=${conflicts().length ? t('merge.conflicts') : problem.value.message} />
      ${conflicts().length > 0 && html`<ul class="conflicts">${conflicts()}</ul>`}</div>`;

    return () => html`<article class="panel duplicate">
      <div class="pair-head">
        <h2>${left.name}</h2>
        <span class=${['badge', props.pair.sureness >= 80 ? 'warn' : '']}>${t('merge.sureness', { percent: props.pair.sureness })}</span>
        ${props.pair.reasons.map((reason) => html`<span class="badge info" key=${reason}>${reasonText(reason)}</span>`)}
      </div>
      ${problem.value && notMerged()}
      <div class="scroll" tabindex="0" role="group" aria-label=${left.name}><table class="table">
        <thead><tr><th scope="col">${t('merge.field')}</th>${column(left)}${column(right)}</tr></thead>
        <tbody>${rows().map((name) => html`<tr key=${name}><th scope="row">${label(name)}</th>${cell(name, 0)}${cell(name, 1)}</tr>`)}</tbody>
      </table></div>
      <footer><p class="soft small">${t('merge.after')}</p>
        <div class="cluster">
          <button type="button" class="btn" onClick=${() => emit('two', props.pair.id)}>${t('merge.twoPeople')}</button>
          <button type="button" class="btn primary" disabled=${busy.value} onClick=${merge}>${icon('merge')}
            ${t(busy.value ? 'merge.keepBusy' : 'merge.keep')}</button>
        </div></footer>
    </article>`;
  },
};

const LABELS = { bibNumber: 'bib', dateOfBirth: 'born', yearOfBirth: 'yearBorn', clubTeam: 'club' };
const label = (name) => t(`athletes.${LABELS[name] ?? name}`);
const blank = (value) => value === null || value === undefined || value === '';
const reasonText = (reason) => (hasText(`mergeReason.${reason}`) ? t(`mergeReason.${reason}`) : reason);

/** The one with more entries and results is the one to keep, unless somebody chooses otherwise. */
const weight = ({ registrationCount = 0, resultCount = 0 }) => registrationCount + resultCount;

function valueText(name, value) {
  if (name === 'gender') return value && genderText(value);
  return name === 'dateOfBirth' ? value && fmtDay(value) : value;
}

const markOf = (result) => String((result && markText(result)) || '');
