import { nextTick, ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { accept } from './mending.js';
import { ProblemValue } from './problem-value.js';
import { RefusedFile } from './refused-file.js';
import { shownRow } from './row-place.js';
import { RowTable } from './row-table.js';

const VALUES_SHOWN = 5;
/** The refused rows by what is wrong with them, each with what would mend it. */
export const Problems = ({ preview }) => {
  const all = preview.problems.flatMap(repairsOf);
  return html`<section class="stack g3" aria-labelledby="check-problems">
    <div class="spread">
      <h3 id="check-problems" tabindex="-1" data-problems>${t('check.problems', { n: preview.refused })}</h3>
      <div class="cluster"><${RefusedFile} preview=${preview} />
        ${all.length > 1 && html`<button type="button" class="btn" onClick=${() => accept(all)}>
          ${icon('check')}${t('check.acceptAll', { n: all.length })}</button>`}</div>
    </div>
    <ul class="findings">${preview.problems.map((problem) => html`<${Problem} key=${`${problem.code} ${problem.column}`}
      problem=${problem} preview=${preview} />`)}</ul>
  </section>`;
};
Problems.props = ['preview'];

/** Proposals that write something else into cells; those that change how all rows are taken are a decision of their own. */
const repairsOf = (problem) => problem.values.flatMap(({ proposal }) => (proposal?.repairs ? proposal : []));

/** What is missing can only be told row by row. */
const isMissing = (problem) => problem.column && problem.values.every(({ value, proposal }) => value === '' && !proposal);

const Problem = {
  props: { problem: Object, preview: Object },
  setup(props) {
    const all = ref(false);
    const isOpen = ref(isMissing(props.problem));
    const element = ref(null);
    const toggle = async (event) => {
      const wasOpen = isOpen.value;
      isOpen.value = event.target.open;
      if (wasOpen || !isOpen.value) return;
      await nextTick();
      element.value?.querySelector('.by-row input')?.focus();
    };
    return () => {
      const { problem, preview } = props;
      const place = preview.columns ? 'row' : 'item';
      const words = `problem.${problem.code}`;
      const isKnown = hasText(words);
      const values = all.value ? problem.values : problem.values.slice(0, VALUES_SHOWN);
      const hidden = problem.values.length - values.length;
      return html`<li class="finding" ref=${element}>
        <div class="finding-head">
          <span class="dot bad"></span>
          <b class="grow">${isKnown ? t(words) : problem.message}</b>
          ${problem.column && html`<span class="badge">${problem.column}</span>`}
          <span class="badge bad">${t('check.rows', { n: problem.count })}</span>
          ${wholeGroup(problem)}
        </div>
        <ul class="values">${values.map((value) => html`<${ProblemValue} key=${value.value} value=${{ ...value, rows: value.rows.map((row) => shownRow(preview, row)) }} column=${problem.column}
          place=${place} says=${isKnown} byRow=${isMissing(problem)} />`)}</ul>
        ${hidden > 0 && html`<button type="button" class="btn ghost start" onClick=${() => (all.value = true)}>
          ${t('check.moreValues', { n: hidden })}</button>`}
        ${problem.values_truncated && all.value && html`<p class="small soft">${t('check.valuesTruncated')}</p>`}
        ${problem.column && html`<details class="by-row" open=${isOpen.value} onToggle=${toggle}>
          <summary>${t('check.byRow')}</summary>
          ${isOpen.value && html`<${RowTable} problem=${problem} preview=${preview} />`}
        </details>`}
      </li>`;
    };
  },
};

/** One press for all values of a group: a parameter, or every repair that is proposed. */
function wholeGroup(problem) {
  const parameter = problem.values.find(({ proposal }) => proposal?.parameter)?.proposal;
  if (parameter) return html`<button type="button" class="btn primary" onClick=${() => accept([parameter])}>${parameter.text}</button>`;
  const repairs = repairsOf(problem);
  if (repairs.length < 2) return null;
  const isOne = repairs.every(({ text }) => text === repairs[0].text);
  return html`<button type="button" class="btn" onClick=${() => accept(repairs)}>
    ${isOne ? t('check.acceptAlike', { text: repairs[0].text }) : t('check.acceptGroup', { n: repairs.length })}</button>`;
}
