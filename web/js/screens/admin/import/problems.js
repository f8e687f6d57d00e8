import { ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { ProblemValue } from './problem-value.js';

const VALUES_SHOWN = 5;

/** The refused rows by what is wrong with them, each with what would mend it. */
export const Problems = ({ preview, flow }) => {
  const all = preview.problems.flatMap(repairsOf);
  return html`<section class="stack g3" aria-labelledby="check-problems">
    <div class="spread">
      <h3 id="check-problems" tabindex="-1" data-problems>${t('check.problems', { n: preview.refused })}</h3>
      ${all.length > 1 && html`<button type="button" class="btn" onClick=${() => flow.accept(all)}>
        ${icon('check')}${t('check.acceptAll', { n: all.length })}</button>`}
    </div>
    <ul class="findings">${preview.problems.map((problem) => html`<${Problem} key=${`${problem.code} ${problem.column}`}
      problem=${problem} flow=${flow} place=${preview.columns ? 'row' : 'item'} />`)}</ul>
  </section>`;
};
Problems.props = ['preview', 'flow'];

/** Proposals that write something else into cells; those that change how all rows are taken are a decision of their own. */
const repairsOf = (problem) => problem.values.flatMap(({ proposal }) => (proposal?.repairs ? proposal : []));

const Problem = {
  props: { problem: Object, flow: Object, place: String },
  setup(props) {
    const all = ref(false);
    return () => {
      const { problem, flow, place } = props;
      const words = `problem.${problem.code}`;
      const isKnown = hasText(words);
      const values = all.value ? problem.values : problem.values.slice(0, VALUES_SHOWN);
      const hidden = problem.values.length - values.length;
      return html`<li class="finding">
        <div class="finding-head">
          <span class="dot bad"></span>
          <b class="grow">${isKnown ? t(words) : problem.message}</b>
          ${problem.column && html`<span class="badge">${problem.column}</span>`}
          <span class="badge bad">${t('check.rows', { n: problem.count })}</span>
          ${wholeGroup(problem, flow)}
        </div>
        <ul class="values">${values.map((value) => html`<${ProblemValue} key=${value.value} value=${value} column=${problem.column}
          flow=${flow} place=${place} says=${isKnown} />`)}</ul>
        ${hidden > 0 && html`<button type="button" class="btn ghost start" onClick=${() => (all.value = true)}>
          ${t('check.moreValues', { n: hidden })}</button>`}
        ${problem.values_truncated && all.value && html`<p class="small soft">${t('check.valuesTruncated')}</p>`}
      </li>`;
    };
  },
};

/** One press for all values of a group: a parameter, or every repair that is proposed. */
function wholeGroup(problem, flow) {
  const parameter = problem.values.find(({ proposal }) => proposal?.parameter)?.proposal;
  if (parameter) return html`<button type="button" class="btn primary" onClick=${() => flow.accept([parameter])}>${parameter.text}</button>`;
  const repairs = repairsOf(problem);
  if (repairs.length < 2) return null;
  const isOne = repairs.every(({ text }) => text === repairs[0].text);
  return html`<button type="button" class="btn" onClick=${() => flow.accept(repairs)}>
    ${isOne ? t('check.acceptAlike', { text: repairs[0].text }) : t('check.acceptGroup', { n: repairs.length })}</button>`;
}
