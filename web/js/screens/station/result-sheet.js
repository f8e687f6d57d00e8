import { nextTick, onBeforeUnmount, onMounted, reactive, ref } from '../../core/vue.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, focusFirstError } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { measured, resultStatusText } from '../admin/entities/words.js';
import { bibOf, board, resultOf, valuesOf } from './board.js';
import { pendingOf, save } from './outbox.js';

/** Why there is no mark: on the track nobody has no mark, in the field nobody does not finish. */
const STATUSES = { time: ['finished', 'dns', 'dnf', 'dq'], distance: ['finished', 'nm', 'dns', 'dq'], points: ['finished', 'dns', 'dnf', 'dq'] };

/** What the form starts with: what is on its way, else what is stored. */
function startOf(entry, row) {
  const values = pendingOf(row)?.values;
  const stored = values ?? resultOf(entry);
  const mark = values ? (values.timeSeconds ?? values.distanceMeters ?? values.points) : stored && measured(stored);
  const wind = stored?.windSpeed;
  return { mark: mark ?? '', status: stored?.status ?? 'finished', wind: wind === null || wind === undefined ? '' : String(wind) };
}

/** How a mark is written. Whether it can be one is for the server to say; a slip of the thumb is told at once, also without a network. */
const WRITTEN = { time: /^\d+([:.,]\d+)*$/, distance: /^\d+([.,]\d+)?\s*m?$/, points: /^\d+$/, wind: /^[-+\u2212]?\d+([.,]\d+)?$/ };

const unreadable = (kind, text) => !WRITTEN[kind].test(text.trim()) && t('station.unreadable', { example: t(`station.hint.${kind}`) });

/** The result of one athlete, filled in with a thumb. It does not close on what was typed without being told to. */
export const ResultSheet = {
  props: { entry: { type: Object, required: true }, row: { type: String, required: true } },
  emits: ['close', 'saved'],
  setup(props, { emit }) {
    const start = startOf(props.entry, props.row);
    const form = reactive({ ...start });
    const errors = reactive({});
    const asks = ref(false);
    const element = ref(null);
    const isTouched = () => Object.keys(start).some((name) => form[name] !== start[name]);
    const warn = (event) => isTouched() && event.preventDefault();
    onMounted(() => {
      addEventListener('beforeunload', warn);
      // What is typed takes the place of what was there, instead of standing behind it.
      nextTick(() => element.value.querySelector('#station-mark')?.select());
    });
    onBeforeUnmount(() => removeEventListener('beforeunload', warn));

    const close = () => {
      if (isTouched() && !asks.value) asks.value = true;
      else emit('close');
    };
    /** What cannot be sent as it is. */
    const faults = () => ({
      mark: form.mark.trim() ? unreadable(board.measure, form.mark) : t('form.required', { label: t(`station.mark.${board.measure}`) }),
      wind: board.hasWind && form.wind.trim() && unreadable('wind', form.wind),
    });
    const submit = (event) => {
      event.preventDefault();
      Object.assign(errors, form.status === 'finished' ? faults() : {});
      if (errors.mark || errors.wind) return nextTick(() => focusFirstError(element.value));
      const { entry, row } = props;
      save({ row, kind: 'result', subject: entry.id, title: `${bibOf(entry)} ${entry.athleteName}`.trim(),
        values: { ...valuesOf(form), round: board.round } });
      emit('saved');
    };
    const mark = () => ({ name: 'mark', label: t(`station.mark.${board.measure}`), hint: t(`station.hint.${board.measure}`), max: 20,
      inputmode: board.measure === 'time' ? 'text' : 'decimal', autofocus: true });
    const wind = () => ({ name: 'wind', label: t('results.wind'), hint: t('station.hint.wind'), max: 6, inputmode: 'text' });
    const statuses = () => html`<div class="station-choice" role="group" aria-label=${t('station.status')}>
      ${STATUSES[board.measure].map((status) => html`<button type="button" key=${status} class="btn" aria-pressed=${String(form.status === status)}
        onClick=${() => (form.status = status)}>${status === 'finished' ? t(`station.mark.${board.measure}`) : resultStatusText(status)}</button>`)}</div>`;

    return () => html`<${Dialog} title=${props.entry.athleteName} text=${[bibOf(props.entry), props.entry.clubTeam].filter(Boolean).join(' · ')} onClose=${close}>${{
      default: () => html`<form class="stack" id="station-result" ref=${element} novalidate onSubmit=${submit}>
        ${asks.value && html`<${Notice} tone="warn" alert title=${t('station.notSavedTitle')} text=${t('station.notSavedText')}>
          <button type="button" class="btn" onClick=${() => emit('close')}>${t('station.discard')}</button><//>`}
        ${statuses()}
        ${form.status === 'finished' && html`<${Field} field=${mark()} form=${form} errors=${errors} prefix="station" />`}
        ${form.status === 'finished' && board.hasWind && html`<${Field} field=${wind()} form=${form} errors=${errors} prefix="station" />`}
      </form>`,
      footer: () => html`<button type="submit" form="station-result" class="btn primary station-save">${t('station.save')}</button>`,
    }}<//>`;
  },
};
