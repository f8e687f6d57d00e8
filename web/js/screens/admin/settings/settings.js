// @ts-check
import { nextTick, onMounted, onUnmounted, ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { beforeLeaving, go } from '../../../core/router.js';
import { Dialog } from '../../../ui/dialog.js';
import { focusFirstError } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { PartState } from '../people/part-state.js';
import { BrowserPanel } from './browser-panel.js';
import { DemoPanel } from './demo-panel.js';
import { DueContacts } from './due-contacts.js';
import { GROUPS, NAME_OF_ORGANISATION } from './fields.js';
import { Logo } from './logo.js';
import { SettingControl } from './setting-control.js';
import { useSettings } from './use-settings.js';

/** What an administrator can set without a file: one form, saved in one go, acting at once. */
export const Screen = {
  setup() {
    const state = useSettings();
    const { part, stored, changed, problem, saved, busy } = state;
    const element = ref(/** @type {HTMLFormElement | null} */ (null));
    /** Where somebody wanted to go while something was not saved. */
    const leavingTo = ref('');

    const mayLeave = (/** @type {string} */ to) => {
      if (!changed.value.length) return true;
      leavingTo.value = to;
      return false;
    };
    const hold = (/** @type {BeforeUnloadEvent} */ event) => {
      if (changed.value.length) event.preventDefault();
    };
    let release = () => {};
    onMounted(() => {
      release = beforeLeaving(mayLeave);
      addEventListener('beforeunload', hold);
      void part.load();
    });
    onUnmounted(() => {
      release();
      removeEventListener('beforeunload', hold);
    });

    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      await state.save();
      await nextTick();
      focusFirstError(element.value);
    };
    const leave = () => {
      const to = leavingTo.value;
      state.reset();
      leavingTo.value = '';
      go(to);
    };

    const panel = (/** @type {string} */ name, /** @type {any} */ rows) => html`<section class="panel" key=${name}
      aria-labelledby=${`settings-${name}`}>
      <header><h2 id=${`settings-${name}`}>${t(`settings.group.${name}`)}</h2></header>
      <div class="settings">${rows}</div>
    </section>`;
    const rows = (/** @type {import('./fields.js').Setting[]} */ settings) => settings
      .filter(({ name }) => name in stored.value)
      .map((setting) => html`<${SettingControl} key=${setting.name} setting=${setting} state=${state} />`);

    const bar = () => html`<div class="save-bar" role="region" aria-label=${t('settings.unsaved')}>
      <div class="grow"><b>${t('settings.changed', { n: changed.value.length })}</b>
        <small>${state.names(changed.value)}</small></div>
      <button type="button" class="btn" onClick=${state.reset}>${t('form.discard')}</button>
      <button type="submit" class="btn primary" disabled=${busy.value}>${t(busy.value ? 'form.saving' : 'form.save')}</button>
    </div>`;
    /** Stays in view wherever on the long page somebody is. */
    const outcome = () => html`<div class="save-place">
      ${saved.value && html`<${Notice} tone="ok" alert title=${saved.value} text=${t('settings.actsAtOnce')}>
        <button type="button" class="btn" onClick=${() => (saved.value = '')}>${t('common.dismiss')}</button><//>`}
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('settings.notSaved')} text=${problem.value.message} />`}
      ${changed.value.length > 0 && bar()}
    </div>`;

    const form = () => html`<form class="stack g5" ref=${element} novalidate onSubmit=${submit}>
      ${panel('organisation', [...rows([NAME_OF_ORGANISATION]), html`<${Logo} key="logo" />`])}
      ${GROUPS.map(({ group, settings }) => panel(group, [...rows(settings), group === 'privacy' && html`<${DueContacts}
        key="due" days=${stored.value.keepContactsDays ?? 0} />`]))}
      ${outcome()}
    </form>`;

    return () => html`<div class="page settings-page">
      <div class="page-head"><div><h1>${t('settings.title')}</h1><p>${t('settings.text')}</p></div></div>
      ${stored.value ? form() : html`<div class="panel"><${PartState} part=${part}
        title=${t('settings.failed')} /></div>`}
      <${BrowserPanel} />
      <${DemoPanel} />
      ${leavingTo.value && html`<${Dialog} title=${t('form.discardQuestion')} text=${t('settings.leaveText')}
        onClose=${() => (leavingTo.value = '')}>${{
          default: () => html`<p>${state.names(changed.value)}</p>`,
          footer: () => html`<button type="button" class="btn" onClick=${() => (leavingTo.value = '')}>${t('form.keepEditing')}</button>
            <button type="button" class="btn danger" onClick=${leave}>${t('form.discard')}</button>`,
        }}<//>`}
    </div>`;
  },
};
