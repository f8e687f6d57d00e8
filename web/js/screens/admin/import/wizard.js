import { nextTick, onMounted, onUnmounted, ref, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { useShortcuts } from '../../../core/keys.js';
import { Notice } from '../../../ui/notice.js';
import { Check } from './check.js';
import { Choose } from './choose.js';
import { Columns } from './columns.js';
import { Done } from './done.js';
import { checking, enter, leave, look, preview, problem, step, whenChecked } from './flow.js';
import { ImportProgress } from './progress.js';
import { current } from './queue.js';
import { Stepper } from './stepper.js';

const MARGIN_PX = 16;

/** What the wizard listens for itself. */
const KEYS = [
  { keys: 'Ctrl Enter', text: 'import.key.next' },
  { keys: 'Ctrl V', text: 'import.key.paste' },
  { keys: 'Enter', text: 'import.key.row' },
];

/** To the next step from anywhere in the wizard. */
function press(event) {
  const isNext = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (!isNext || document.querySelector('dialog[open]:not(:has(.import))')) return;
  const button = document.querySelector('.wizard-buttons .primary:not(:disabled)');
  if (!button) return;
  event.preventDefault();
  button.click();
}

/** A new step is read from its top: of the dialog, or of the panel on the page, when that has gone out of view. */
function toTop(element) {
  const body = element?.closest('dialog .body');
  if (body) body.scrollTop = 0;
  const main = body ? null : element?.closest('.main');
  const panel = element?.closest('.panel');
  if (!main || !panel) return;
  const beyond = panel.getBoundingClientRect().top - main.getBoundingClientRect().top - MARGIN_PX;
  if (beyond < 0) main.scrollTop += beyond;
}

/** The five steps of an import, in a dialog or on a page. Its buttons are `WizardButtons`. */
export const Wizard = {
  setup() {
    const element = ref(null);
    const focus = (selector, options) => element.value?.querySelector(selector)?.focus(options);
    const hasFocus = () => element.value?.contains(document.activeElement) || document.activeElement?.closest('.wizard-buttons');
    // The keyboard goes along: to the title of what is new, or to where it was when that is still there.
    const checked = () => hasFocus() || focus('[data-problems], [data-start]');
    onMounted(async () => {
      enter();
      whenChecked.value = checked;
      await nextTick();
      // What was begun goes on where it was left.
      if (current.value && element.value?.closest('dialog')) focus('[data-start], .drop > .cluster button', { preventScroll: true });
    });
    onUnmounted(leave);
    onMounted(() => document.addEventListener('keydown', press));
    onUnmounted(() => document.removeEventListener('keydown', press));
    useShortcuts('import.title', KEYS);
    watch(step, async () => {
      await nextTick();
      focus(step.value === 'file' ? 'input:checked, .file-line button' : '[data-start]', { preventScroll: true });
      toTop(element.value);
    });

    const mayMatch = () => problem.value.code === 'unusable-file' && !preview.value && step.value === 'file';
    const notice = () => problem.value && html`<${Notice} tone=${problem.value.tone ?? 'bad'} alert
      title=${problem.value.title ?? t('import.failed')} text=${problem.value.message}>
      ${mayMatch() && html`<button type="button" class="btn" onClick=${look}>${t('import.matchColumns')}</button>`}<//>`;

    return () => html`<div class="stack import" ref=${element}>
      <${Stepper} />
      ${notice()}
      <div class="step-body" data-step=${step.value} aria-busy=${String(checking.value)}>
        ${step.value === 'file' && html`<${Choose} />`}
        ${step.value === 'columns' && html`<${Columns} />`}
        ${step.value === 'check' && html`<${Check} />`}
        ${step.value === 'work' && html`<${ImportProgress} />`}
        ${step.value === 'done' && html`<${Done} />`}
      </div>
    </div>`;
  },
};
