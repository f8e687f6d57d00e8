import { onMounted, onUnmounted, ref } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtBytes, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { info } from '../../../core/server-info.js';
import { ENDINGS } from './file-kind.js';
import { FileList } from './file-list.js';
import { KINDS } from './kinds.js';
import { fileOfText, Paste } from './paste.js';
import { Options } from './options.js';
import { addFiles, chooseKind, current, queue } from './queue.js';

/** Forms in which a template comes; `file` is the JSON document itself. */
const TEMPLATES = { bulk: ['file'], races: ['xlsx', 'csv', 'file'] };
const TABLES = ['xlsx', 'csv'];

/** The first step: files, what is in them, and what to do with their rows. */
export const Choose = {
  setup() {
    const over = ref(false);
    const picker = ref(null);
    // A file that misses the place must not take the browser away from the page.
    const drop = (event) => {
      event.preventDefault();
      over.value = false;
      void addFiles(event.dataTransfer?.files ?? []);
    };
    const drag = (event) => {
      event.preventDefault();
      over.value = Boolean(event.target.closest?.('.drop'));
    };
    const listeners = { dragover: drag, drop };
    const pick = (event) => {
      void addFiles(event.target.files);
      event.target.value = ''; // the same file, mended, may be chosen again
    };
    // A table copied in a spreadsheet may be pasted anywhere but into a field.
    const paste = (event) => {
      if (event.target.closest?.('input, textarea, select')) return;
      const files = event.clipboardData?.files ?? [];
      const file = files.length ? null : fileOfText(event.clipboardData?.getData('text/plain') ?? '');
      if (files.length) void addFiles(files);
      else if (file) void addFiles([file]);
    };
    onMounted(() => {
      for (const [name, listener] of Object.entries({ ...listeners, paste })) document.addEventListener(name, listener);
    });
    onUnmounted(() => {
      for (const [name, listener] of Object.entries({ ...listeners, paste })) document.removeEventListener(name, listener);
    });

    const isOnly = () => queue.items.length < 2;
    const chosen = () => current.value?.kind ?? dashboard.importKind;
    const kinds = () => html`<fieldset class="choices"><legend>${t('import.what')}</legend>
      ${KINDS.map((kind) => html`<label key=${kind} class="choice">
        <input type="radio" name="import-kind" class="radio" value=${kind} checked=${chosen() === kind} onChange=${() => chooseKind(kind)} />
        <span><b>${t(`import.kind.${kind}`)}</b><small>${t(`import.about.${kind}`)}</small></span>
      </label>`)}
    </fieldset>`;

    /** How large a file may be, as this server is set. */
    const limits = () => {
      const most = info.value?.limits;
      if (!most) return '';
      if (isOnly() && chosen() === 'bulk') return t('import.limit', { size: fmtBytes(most.json_bytes) });
      return t('import.limits', {
        csv: fmtBytes(most.csv_bytes), json: fmtBytes(most.json_bytes), xlsx: fmtBytes(most.xlsx_bytes), rows: fmtNumber(most.xlsx_rows),
      });
    };

    const place = () => html`<div class=${['drop', over.value && 'over', queue.items.length && 'filled']}
      onDragleave=${() => (over.value = false)}>
      ${queue.items.length ? html`<${FileList} />` : html`<p class="drop-words">${t('import.drop')}</p>`}
      <input ref=${picker} type="file" class="sr" tabindex="-1" aria-label=${t('import.file')} accept=${ENDINGS} multiple onChange=${pick} />
      <div class="cluster center">
        <button type="button" class="btn" onClick=${() => picker.value.click()}>${t(queue.items.length ? 'import.pickMore' : 'import.pick')}</button>
      </div>
      <p class="small muted">${t(isOnly() && chosen() === 'bulk' ? 'import.formatsBulk' : 'import.formats')} ${limits()}</p>
    </div>`;

    const templates = () => html`<div class="cluster small soft"><span>${t('import.templateText')}</span>
      <span class="cluster">${(TEMPLATES[chosen()] ?? TABLES).map((format) => html`<a key=${format} class="link" download
        href=${`/api/admin/import/${chosen()}-template?format=${format}`}
        aria-label=${t('import.templateLabel', { format: t(`format.${format}`) })}>${t(`format.${format}`)}</a>`)}</span></div>`;

    return () => html`<div class="stack g5">
      ${place()}
      ${isOnly() && kinds()}
      ${isOnly() && templates()}
      <${Paste} />
      <${Options} />
    </div>`;
  },
};
