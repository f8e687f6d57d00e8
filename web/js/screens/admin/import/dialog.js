import { nextTick, ref, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { Check } from './check.js';
import { Choose } from './choose.js';
import { keptBy } from './counts.js';
import { useImport } from './flow.js';
import { Obstacles } from './obstacles.js';
import { ImportProgress } from './progress.js';
import { ImportReport } from './report.js';
import { useUndo } from './undo.js';

const STEPS = ['choose', 'check', 'work', 'report'];

/** Choose a file, have it checked without saving anything, import it, and take it back if it was the wrong one. */
export const ImportDialog = {
  setup() {
    const body = ref(null);
    const undone = ref(null); // what was taken back
    const { busy, refusal, undo } = useUndo();

    const focus = (selector) => body.value?.querySelector(selector)?.focus();
    // The keyboard goes along: to the title of what is new, or to where it was when that is still there.
    const hasFocus = () => body.value?.closest('dialog')?.contains(document.activeElement) && document.activeElement.tagName !== 'DIALOG';
    const flow = useImport({ checked: () => hasFocus() || focus('[data-problems], [data-start]') });
    const { step, preview, report, problem } = flow;
    watch(step, async () => {
      await nextTick();
      focus(step.value === 'choose' ? 'input:checked' : '[data-start]');
    });

    const close = () => {
      if (busy.value) return;
      dashboard.showImportModal = false;
      dashboard.importFile = null;
    };
    const takeBack = async (rest) => {
      undone.value = await undo(report.value.import_id, { rest });
    };
    const again = () => {
      undone.value = null;
      refusal.value = null;
      flow.again();
    };

    // Who imports at once leaves the check out.
    const isDone = (name, i) => STEPS.indexOf(step.value) > i && (name !== 'check' || preview.value !== null);
    const steps = () => html`<ol class="steps">${STEPS.map((name, i) => html`<li key=${name}
      class=${{ done: isDone(name, i) }} aria-current=${step.value === name ? 'step' : null}>${t(`import.step.${name}`)}</li>`)}</ol>`;

    const notices = () => html`
      ${problem.value && html`<${Notice} tone=${problem.value.tone ?? 'bad'} alert title=${problem.value.title ?? t('import.failed')}
        text=${problem.value.message}>${problem.value.code === 'unusable-file' && !preview.value && step.value === 'choose' && html`<button type="button" class="btn"
          onClick=${flow.check}>${t('import.matchColumns')}</button>`}<//>`}
      ${undone.value && html`<${Notice} tone="ok" alert title=${t('import.undone')}
        text=${undone.value.kept ? t('undo.kept', { n: undone.value.kept }) : t('import.undoneText')} />`}
      ${refusal.value && html`<${Obstacles} error=${refusal.value} busy=${busy.value}
        onRest=${() => takeBack(true)} onLeave=${() => (refusal.value = null)} />`}`;

    const importButton = (label) => html`<button type="button" class="btn primary" disabled=${flow.checking.value}
      onClick=${flow.run}>${label}</button>`;

    const footers = {
      choose: () => html`<button type="button" class="btn" onClick=${flow.run}>${t('import.now')}</button>
        <button type="button" class="btn primary" onClick=${flow.check}>${t('import.checkFirst')}</button>`,
      check: () => {
        const rows = keptBy(preview.value);
        return html`<button type="button" class="btn push" onClick=${flow.back}>${t('common.back')}</button>
          ${preview.value?.usable && rows > 0 && importButton(t('import.rows', { n: rows }))}
          ${preview.value?.usable && !rows && html`<span class="soft small">${t('import.nothingToDo')}</span>`}`;
      },
      work: () => html`<button type="button" class="btn" disabled=${flow.stopping.value} onClick=${flow.stop}>${t('import.stop')}</button>`,
      report: () => {
        const undoable = !undone.value && !refusal.value && report.value.import_id && keptBy(report.value) > 0;
        return html`${undoable && html`<button type="button" class="btn ghost push" disabled=${busy.value}
          onClick=${() => takeBack(false)}>${icon('undo')}${t('import.undo')}</button>`}
          <button type="button" class="btn" onClick=${again}>${t('import.another')}</button>
          <button type="button" class="btn primary" onClick=${close}>${t('common.done')}</button>`;
      },
    };

    return () => html`<${Dialog} huge title=${t('import.dialogTitle')} text=${fileLine(step.value)} onClose=${close}>${{
      default: () => html`<div class="stack import" ref=${body}>
        ${steps()}${notices()}
        ${step.value === 'choose' && html`<${Choose} />`}
        ${step.value === 'check' && html`<${Check} flow=${flow} />`}
        ${step.value === 'work' && html`<${ImportProgress} stopping=${flow.stopping.value} />`}
        ${step.value === 'report' && !undone.value && html`<${ImportReport} report=${report.value} />`}
      </div>`,
      footer: footers[step.value],
    }}<//>`;
  },
};

/** What is at hand: the promise of the dialog, then the file. */
const fileLine = (step) => (step === 'choose' || !dashboard.importFile
  ? t('import.dialogText')
  : t('import.fileOf', { file: dashboard.importFile.name, kind: t(`import.kind.${dashboard.importKind}`) }));
