import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { keptBy } from './counts.js';
import { again, back, check, checking, following, hasColumns, look, next, preview, report, run, runClean, skip, step, stop, stopping } from './flow.js';
import { current, isClean, isWaiting, queue } from './queue.js';
import { busy, refusal, takeBack } from './undoing.js';

const button = (classes, press, label, disabled = false) => html`<button type="button" class=${['btn', classes]} disabled=${disabled}
  onClick=${() => press()}>${label}</button>`;

/** Files that wait, other than the one in turn, and need nobody. */
const cleanOnes = () => queue.items.filter((item) => item !== current.value && isWaiting(item) && isClean(item));

const skipButton = () => queue.items.length > 1 && following.value && button('ghost', skip, t('import.skip'));

const BUTTONS = {
  file: () => {
    const clean = cleanOnes().length + Number(Boolean(current.value && isWaiting(current.value) && isClean(current.value)));
    const isMatched = hasColumns() || !preview.value;
    const isUnknown = Boolean(current.value && !current.value.isKnown);
    return html`${queue.items.length > 1 && clean > 0
        ? html`<span class="push">${button('', runClean, t('import.clean', { n: clean }))}</span>`
        : button('', run, t('import.now'), isUnknown)}
      ${button('primary', look, t(isMatched ? 'import.matchColumns' : 'import.checkFirst'), checking.value || isUnknown)}`;
  },
  columns: () => html`${button('push', back, t('common.back'))}${skipButton()}
    ${preview.value?.usable && button('primary', check, t('import.checkRows', { n: rowsIn(preview.value) }), checking.value)}`,
  check: () => {
    const rows = keptBy(preview.value);
    return html`${button('push', back, t('common.back'))}${skipButton()}
      ${rows > 0 ? button('primary', run, t('import.rows', { n: rows }), checking.value) : html`<span class="soft small">${t('import.nothingToDo')}</span>`}`;
  },
  work: () => button('', stop, t('import.stop'), stopping.value),
  done: (onClose) => {
    const item = current.value;
    const isUndoable = !item?.undone && !refusal.value && report.value?.import_id && keptBy(report.value) > 0;
    const clean = cleanOnes().length;
    return html`${isUndoable && html`<button type="button" class="btn ghost push" disabled=${busy.value}
        onClick=${() => takeBack(false)}>${icon('undo')}${t('import.undo')}</button>`}
      ${following.value
        ? html`${clean > 0 && button('', runClean, t('import.cleanRest', { n: clean }))}${button('primary', next, t('import.nextFile'))}`
        : html`${button('', again, t('import.another'))}${onClose && button('primary', onClose, t('common.done'))}`}`;
  },
};

const rowsIn = (found) => found.rows_read ?? 0;

/** What may be done at the step that is shown. `onClose` is there when the wizard is in a dialog. */
export const WizardButtons = ({ onClose }) => html`<div class="wizard-buttons">${BUTTONS[step.value](onClose)}</div>`;
WizardButtons.props = ['onClose'];
