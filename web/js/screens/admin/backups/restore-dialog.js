import { computed, nextTick, ref, useId, watch } from '../../../core/vue.js';
import { fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { Notice } from '../../../ui/notice.js';
import { CountsTable } from './counts-table.js';
import { RestoreLook } from './restore-look.js';
import { useRestore } from './restoring.js';

/** What people write may lack the ending. */
const plain = (name) => name.trim().toLowerCase().replace(/\.db$/, '');

/** Going back to a backup: what is inside, what is lost by it, its name typed, the waiting, and what came of it. All in one dialog. */
export const RestoreDialog = {
  props: { backup: { type: Object, required: true }, path: { type: String, required: true } },
  emits: ['close', 'done'],
  setup(props, { emit }) {
    const restore = useRestore(`${props.path}/${props.backup.id}`);
    const { stage, found, answer, problem, happened, seconds } = restore;
    const typed = ref('');
    const isWrong = ref(false);
    const formId = useId();
    const title = computed(() => t(`restore.title.${stage.value === 'over' && !happened.value ? 'not' : stage.value}`));
    const isOver = () => stage.value === 'done' || (stage.value === 'over' && happened.value);
    const close = () => stage.value !== 'waiting' && emit(isOver() ? 'done' : 'close');
    const submit = async (event) => {
      event.preventDefault();
      isWrong.value = plain(typed.value) !== plain(props.backup.name);
      if (isWrong.value) return document.getElementById(`${formId}-name`)?.focus();
      await restore.start(props.backup.name);
    };
    // What was pressed is gone; the keyboard goes on where the news is.
    watch(stage, async () => {
      await nextTick();
      document.querySelector('dialog .restore-news')?.focus();
    });

    const asking = () => html`<form id=${formId} class="stack" novalidate onSubmit=${submit}>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t(problem.value.isLook ? 'restore.notLooked' : 'restore.failed')} text=${problem.value.message}>
        ${problem.value.isLook && html`<button type="button" class="btn" onClick=${restore.look}>${t('common.retry')}</button>`}<//>`}
      <div class="restore-news" tabindex="-1" autofocus>
        ${found.value ? html`<${RestoreLook} found=${found.value} />` : !problem.value && html`<div class="skeleton tall"></div>`}</div>
      <${Notice} tone="warn" title=${t('restore.warning')} text=${t('restore.warningText')} />
      <div class="field"><label for=${`${formId}-name`}>${t('restore.confirm')} <span class="path"><b>${props.backup.id}</b></span></label>
        <input class="input" id=${`${formId}-name`} value=${typed.value} autocomplete="off" autocapitalize="none" spellcheck="false"
          aria-invalid=${isWrong.value ? 'true' : null} aria-describedby=${isWrong.value ? `${formId}-about` : null}
          onInput=${(event) => { typed.value = event.target.value; isWrong.value = false; }} />
        ${isWrong.value && html`<span class="err" id=${`${formId}-about`}>${t('restore.wrong')}</span>`}</div>
    </form>`;

    const waiting = () => html`<div class="stack restore-news" tabindex="-1">
      <p role="status"><b>${t('restore.waiting')}</b></p>
      <progress class="progress" aria-label=${t('restore.waiting')}></progress>
      <div class="spread soft"><span>${t('restore.waitingText')}</span><span class="tnum" aria-hidden="true">${t('restore.seconds', { n: seconds.value })}</span></div>
    </div>`;

    const done = ({ before, after, kept }) => html`<div class="stack restore-news" tabindex="-1">
      <${Notice} tone="ok" alert title=${t('restore.done', { time: fmtMoment(props.backup.created_at) })} text=${t('restore.doneText')} />
      <${CountsTable} left=${{ title: t('restore.before'), counts: before.record_counts }} right=${{ title: t('restore.after'), counts: after.record_counts }} />
      <p>${t('restore.kept')} <code class="path">${kept.name}</code></p>
    </div>`;

    const over = () => html`<div class="stack restore-news" tabindex="-1">
      <${Notice} tone=${happened.value ? 'ok' : 'warn'} alert title=${t(happened.value ? 'restore.happened' : 'restore.notHappened')}
        text=${t(happened.value ? 'restore.happenedText' : 'restore.notHappenedText')} /></div>`;

    const BODIES = { look: asking, waiting, done: () => done(answer.value), over };
    const buttons = () => {
      if (stage.value === 'waiting') return html`<span class="soft">${t('restore.stay')}</span>`;
      if (stage.value !== 'look') return html`<button type="button" class="btn primary" onClick=${close}>${t(isOver() ? 'restore.signIn' : 'common.close')}</button>`;
      return html`<button type="button" class="btn" onClick=${close}>${t('common.cancel')}</button>
        <button type="submit" form=${formId} class="btn danger solid" disabled=${!found.value}>${t('restore.do')}</button>`;
    };
    const text = () => (stage.value === 'look' ? t('restore.text', { time: fmtMoment(props.backup.created_at) }) : '');
    return () => html`<${Dialog} wide title=${title.value} text=${text()} onClose=${close}>${{
      default: () => BODIES[stage.value](),
      footer: buttons,
    }}<//>`;
  },
};
