import { onUnmounted, ref, shallowRef, watch } from '../../core/vue.js';
import { client, isAbort } from '../../core/api.js';
import { dashboard, dataChanged } from '../../core/dashboard.js';
import { fmtBytes } from '../../core/format.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Dialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import { Notice } from '../../ui/notice.js';
import { countOf, ImportReport } from './import-report.js';

const KINDS = ['athletes', 'races', 'bulk'];
const ENDINGS = { athletes: '.csv', races: '.json', bulk: '.json' };
const MODES = ['partial', 'atomic'];
const DUPLICATES = ['error', 'skip', 'update'];

/** Choose a file, have it checked without saving anything, import it, and take it back if it was the wrong one. */
export const ImportDialog = {
  setup() {
    const step = ref('choose'); // choose, working, report
    const report = shallowRef(null);
    const checked = ref(false); // the report is of a dry run
    const problem = shallowRef(null);
    const undone = ref(false);
    const busy = ref(false);
    const over = ref(false);
    const picker = ref(null);
    let controller = new AbortController();
    onUnmounted(() => controller.abort());

    // Another kind needs another file; what was said about the last one no longer holds.
    watch(() => [dashboard.importKind, dashboard.importFile], () => (problem.value = null));

    const close = () => {
      if (busy.value) return;
      if (step.value === 'working') controller.abort();
      dashboard.showImportModal = false;
      dashboard.importFile = null;
    };

    const choose = (file) => {
      if (!file) return;
      dashboard.importFile = file;
      if (/\.json$/i.test(file.name) && dashboard.importKind === 'athletes') dashboard.importKind = 'races';
      if (/\.(csv|txt|tsv)$/i.test(file.name)) dashboard.importKind = 'athletes';
    };
    const drop = (event) => {
      event.preventDefault();
      over.value = false;
      choose(event.dataTransfer.files[0]);
    };
    const drag = (event) => {
      event.preventDefault();
      over.value = true;
    };

    const run = async (dryRun) => {
      if (!dashboard.importFile) {
        problem.value = { message: t('import.noFile') };
        return;
      }
      controller = new AbortController();
      problem.value = null;
      undone.value = false;
      checked.value = dryRun;
      step.value = 'working';
      try {
        report.value = await dashboard.performImport({ dryRun, signal: controller.signal });
        step.value = 'report';
      } catch (error) {
        // A refusal of the whole file still says which rows were the reason.
        report.value = error.body?.error_details ? error.body : null;
        step.value = report.value ? 'report' : 'choose';
        problem.value = isAbort(error) ? { message: t('import.stopped') } : error;
      }
    };

    const undo = async () => {
      busy.value = true;
      problem.value = null;
      try {
        await client.post(`/api/admin/imports/${report.value.import_id}/undo`, undefined, { timeout: 0 });
        undone.value = true;
        dataChanged();
      } catch (error) {
        problem.value = error;
      } finally {
        busy.value = false;
      }
    };

    const again = () => {
      step.value = 'choose';
      report.value = null;
      problem.value = null;
      if (!checked.value) dashboard.importFile = null;
    };

    const choosing = () => html`
      <fieldset class="choices"><legend>${t('import.what')}</legend>
        ${KINDS.map((kind) => html`<label key=${kind} class="choice">
          <input type="radio" name="import-kind" class="radio" value=${kind} checked=${dashboard.importKind === kind}
            onChange=${() => (dashboard.importKind = kind)} />
          <span><b>${t(`import.kind.${kind}`)}</b><small>${t(`import.format.${kind}`)}</small></span>
        </label>`)}
      </fieldset>
      <div class=${['drop', over.value && 'over']} onDragover=${drag} onDragleave=${() => (over.value = false)} onDrop=${drop}>
        ${dashboard.importFile
          ? html`<p class="file">${icon('file')}<b>${dashboard.importFile.name}</b>
            <span class="muted">${fmtBytes(dashboard.importFile.size)}</span></p>`
          : html`<p>${t('import.drop', { ending: ENDINGS[dashboard.importKind] })}</p>`}
        <input ref=${picker} type="file" class="sr" tabindex="-1" aria-label=${t('import.file')} accept=${ENDINGS[dashboard.importKind]}
          onChange=${(event) => choose(event.target.files[0])} />
        <button type="button" class="btn"
          onClick=${() => picker.value.click()}>${t(dashboard.importFile ? 'import.pickOther' : 'import.pick')}</button>
      </div>
      <p class="soft small">${t('import.templateText')} ${templateLink(dashboard.importKind)}</p>
      <div class="form-grid">
        ${choice('mode', t('import.mode'), MODES, 'importMode')}
        ${choice('duplicate', t('import.duplicate'), DUPLICATES, 'importOnDuplicate')}
      </div>`;

    const footer = () => {
      if (step.value === 'working') return html`<button type="button" class="btn"
        onClick=${() => controller.abort()}>${t('import.stop')}</button>`;
      if (step.value === 'choose') {
        return html`<button type="button" class="btn" onClick=${() => run(true)}>${t('import.checkFirst')}</button>
          <button type="button" class="btn primary" onClick=${() => run(false)}>${t('import.now')}</button>`;
      }
      const kept = countOf(report.value, 'imported') + countOf(report.value, 'updated');
      const undoable = !checked.value && !undone.value && report.value.import_id && kept > 0;
      return html`${undoable && html`<button type="button" class="btn ghost push" disabled=${busy.value}
        onClick=${undo}>${icon('undo')}${t('import.undo')}</button>`}
        <button type="button" class="btn" onClick=${again}>${t(checked.value ? 'common.back' : 'import.another')}</button>
        ${checked.value && kept > 0
          ? html`<button type="button" class="btn primary" onClick=${() => run(false)}>${t('import.rows', { n: kept })}</button>`
          : html`<button type="button" class="btn primary" onClick=${close}>${t('common.done')}</button>`}`;
    };

    return () => html`<${Dialog} wide title=${t('import.dialogTitle')} text=${t('import.dialogText')} onClose=${close}>${{
      default: () => [
        problem.value && html`<${Notice} tone="bad" alert title=${t('import.failed')} text=${problem.value.message} />`,
        undone.value && html`<${Notice} tone="ok" alert title=${t('import.undone')} text=${t('import.undoneText')} />`,
        step.value === 'choose' && choosing(),
        step.value === 'working' && html`<${Progress} dryRun=${checked.value} />`,
        step.value === 'report' && !undone.value && html`<${ImportReport} report=${report.value} checked=${checked.value} />`,
      ],
      footer,
    }}<//>`;
  },
};

const templateLink = (kind) => html`<a class="link" href=${`/api/admin/import/${kind}-template?format=${ENDINGS[kind].slice(1)}`}
  download=${`${kind}-template${ENDINGS[kind]}`}>${t(`import.template.${kind}`)}</a>`;

/** A select whose value is a member of the dashboard. The hint says what the chosen one does. */
const choice = (name, label, values, member) => html`<div class="field half">
  <label for=${`import-${name}`}>${label}</label>
  <select class="input" id=${`import-${name}`} aria-describedby=${`import-${name}-about`} value=${dashboard[member]}
    onChange=${(event) => (dashboard[member] = event.target.value)}>
    ${values.map((value) => html`<option key=${value} value=${value}>${t(`import.${name}.${value}`)}</option>`)}
  </select>
  <span class="hint" id=${`import-${name}-about`}>${t(`import.${name}Hint.${dashboard[member]}`)}</span>
</div>`;

/** How far the upload is; then the server is at work, for as long as it takes. */
const Progress = ({ dryRun }) => {
  const { phase, loaded, size, total } = dashboard.importProgress;
  const percent = size ? Math.round((loaded / size) * 100) : 0;
  const sending = phase === 'uploading';
  return html`<div class="stack g3">
    <div class="spread"><b>${t(sending ? 'import.sending' : dryRun ? 'import.checking' : 'import.importing')}</b>
      <span class="muted tnum">${total > 0 && t('import.rowCount', { n: total })}</span></div>
    <progress class="progress" max="100" value=${sending ? percent : null} aria-label=${t('import.progress')}></progress>
    <p class="soft small">${sending ? t('import.sent', { percent, size: fmtBytes(size) }) : t('import.wait')}</p>
  </div>`;
};
Progress.props = ['dryRun'];
