import { ref, useId } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amounts } from '../../../core/amounts.js';
import { may } from '../../../core/session.js';
import { Dialog } from '../../../ui/dialog.js';
import { icon } from '../../../ui/icon.js';
import { Menu } from '../../../ui/menu.js';
import { Notice } from '../../../ui/notice.js';
import { SelectionBar } from '../../../ui/selection-bar.js';

/** Refusals that are told one by one; more are counted. */
const SHOWN = 5;

/** What can be done with the selected rows, and the questions and answers that belong to it. */
export const BulkBar = {
  props: { subject: Object, bulk: Object, selection: Object, total: Number },
  setup(props) {
    const { bulk } = props;
    const actions = () => props.subject.bulk().filter((action) => may(action.may));

    const button = (action) => {
      if (!action.options) {
        return html`<button type="button" key=${action.key} class=${['btn', action.danger && 'danger']} disabled=${bulk.busy.value}
          onClick=${() => bulk.start(action)}>${action.label}</button>`;
      }
      return html`<${Menu} key=${action.key} label=${action.label} buttonClass="btn">${{
        button: () => html`${action.label}${icon('chevron')}`,
        default: ({ close }) => action.options.map(({ value, label }) => html`<button type="button" key=${value} onClick=${() => {
          close();
          bulk.start({ ...action, set: { [action.key]: value } });
        }}>${label}</button>`),
      }}<//>`;
    };

    /** With nothing selected there is no bar that could say it. */
    const notSelected = () => props.selection.ids.value.size === 0 && props.selection.error.value;

    return () => {
      const failed = bulk.problem.value && !bulk.asking.value;
      return html`
        ${props.selection.ids.value.size > 0 && html`<${SelectionBar} selection=${props.selection}
          total=${props.total}>${actions().map(button)}<//>`}
        ${notSelected() && html`<div class="vtable-note"><${Notice} tone="bad" alert title=${t('list.notSelected', { why: notSelected().message })}>
          <button type="button" class="btn" onClick=${props.selection.clear}>${t('common.close')}</button><//></div>`}
        ${failed && html`<div class="vtable-note"><${Notice} tone="bad" alert title=${t('form.notSaved')} text=${bulk.problem.value.message}>
          <button type="button" class="btn" onClick=${bulk.stop}>${t('common.close')}</button><//></div>`}
        ${bulk.refused.value && html`<div class="vtable-note"><${Refused} rows=${bulk.refused.value}
          onClose=${() => (bulk.refused.value = null)} /></div>`}
        ${bulk.asking.value?.remove && html`<${AskDelete} ...${props} />`}
        ${bulk.asking.value?.ask && html`<${AskValue} key=${bulk.asking.value.key} ...${props} />`}`;
    };
  },
};

const Refused = ({ rows }, { emit }) => {
  const told = rows.slice(0, SHOWN).map(({ message }) => message);
  if (rows.length > SHOWN) told.push(t('bulk.andMore', { n: rows.length - SHOWN }));
  return html`<${Notice} tone="warn" alert title=${t('bulk.refusedTitle', { n: rows.length })} text=${told.join(' ')}>
    <button type="button" class="btn" onClick=${() => emit('close')}>${t('common.close')}</button><//>`;
};
Refused.props = ['rows'];
Refused.emits = ['close'];

/** Deleting cannot be turned back: it is asked for, and once more when other rows would go too. */
const AskDelete = ({ subject, bulk, selection }) => {
  const { hanging, busy, problem } = bulk;
  const n = selection.ids.value.size;
  return html`<${Dialog} title=${subject.text('bulkDeleteQuestion', { n })} onClose=${bulk.stop}>${{
    default: () => [
      problem.value && html`<${Notice} tone="bad" alert title=${t('form.notSaved')} text=${problem.value.message} />`,
      hanging.value && html`<${Notice} tone="warn" alert title=${t('form.inUse', { list: amounts(hanging.value) })}
        text=${t('bulk.cascadeText')} />`,
      !hanging.value && html`<p>${t('bulk.deleteText')}</p>`,
    ],
    footer: () => html`<button type="button" class="btn" autofocus onClick=${bulk.stop}>${t('common.cancel')}</button>
      <button type="button" class="btn danger solid" disabled=${busy.value} onClick=${bulk.remove}>
        ${hanging.value ? t('form.deleteAll') : t('form.delete')}</button>`,
  }}<//>`;
};
AskDelete.props = ['subject', 'bulk', 'selection'];

const AskValue = {
  props: ['subject', 'bulk', 'selection'],
  setup(props) {
    const { asking, busy, problem } = props.bulk;
    const value = ref('');
    const formId = useId();
    const send = (event) => {
      event.preventDefault();
      void props.bulk.update({ [asking.value.ask]: value.value.trim() || null });
    };
    const fault = () => problem.value?.errors?.[0]?.message ?? problem.value?.message;
    const forHowMany = () => props.subject.text('bulkFor', { n: props.selection.ids.value.size });
    return () => asking.value && html`<${Dialog} title=${asking.value.label} text=${forHowMany()} onClose=${props.bulk.stop}>${{
      default: () => html`<form id=${formId} onSubmit=${send} novalidate>
        <div class="field"><label for=${`${formId}-value`}>${asking.value.fieldLabel}</label>
          <input class="input" id=${`${formId}-value`} autofocus autocomplete="off" value=${value.value}
            aria-invalid=${problem.value ? 'true' : null} aria-describedby=${`${formId}-about`}
            onInput=${(event) => (value.value = event.target.value)} />
          <span id=${`${formId}-about`} class=${problem.value ? 'err' : 'hint'}>${fault() ?? asking.value.hint}</span></div>
      </form>`,
      footer: () => html`<button type="button" class="btn" onClick=${props.bulk.stop}>${t('common.cancel')}</button>
        <button type="submit" form=${formId} class="btn primary" disabled=${busy.value}>${t('form.save')}</button>`,
    }}<//>`;
  },
};
