import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { goTo, hasColumns, isReachable, preview, step, STEPS } from './flow.js';

/** The way of a file. A step that has been reached may be gone back to; a document has no columns. */
export const Stepper = () => {
  const at = STEPS.indexOf(step.value);
  const isLeftOut = (name) => name === 'columns' && (preview.value ? !hasColumns() : at > 1);
  return html`<nav class="stepper" aria-label=${t('import.steps')}><ol class="steps">${STEPS.map((name, i) => {
    const isDone = at > i && !isLeftOut(name) && (name !== 'check' || preview.value !== null);
    const words = html`<span class="step-n" aria-hidden="true">${isDone ? '✓' : i + 1}</span><span class="step-name">${t(`import.step.${name}`)}</span>
      ${isDone && html`<span class="sr">${t('import.stepDone')}</span>`}`;
    return html`<li key=${name} class=${{ done: isDone, out: isLeftOut(name) }} aria-current=${step.value === name ? 'step' : null}>
      ${step.value !== name && isReachable(name)
        ? html`<button type="button" onClick=${() => goTo(name)}>${words}</button>`
        : html`<span>${words}</span>`}</li>`;
  })}</ol></nav>`;
};
