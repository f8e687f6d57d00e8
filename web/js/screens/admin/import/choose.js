import { ref } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtBytes, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { info } from '../../../core/server-info.js';
import { icon } from '../../../ui/icon.js';
import { ENDINGS, kindOfFile } from './file-kind.js';
import { Options } from './options.js';

const KINDS = ['athletes', 'registrations', 'results', 'events', 'races', 'users', 'bulk'];

/** Forms in which a template comes; `file` is the JSON document itself. */
const TEMPLATES = { bulk: ['file'], races: ['xlsx', 'csv', 'file'] };
const TABLES = ['xlsx', 'csv'];

/** Takes a file, and what it most likely holds. */
export async function takeFile(file) {
  if (!file) return;
  dashboard.importFile = file;
  dashboard.importKind = await kindOfFile(file, dashboard.importKind);
}

/** What is in the file, the file, and what to do with its rows. */
export const Choose = {
  setup() {
    const over = ref(false);
    const picker = ref(null);
    const drop = (event) => {
      event.preventDefault();
      over.value = false;
      void takeFile(event.dataTransfer.files[0]);
    };
    const drag = (event) => {
      event.preventDefault();
      over.value = true;
    };
    const pick = (event) => {
      void takeFile(event.target.files[0]);
      event.target.value = ''; // the same file, mended, may be chosen again
    };

    const kinds = () => html`<fieldset class="choices"><legend>${t('import.what')}</legend>
      ${KINDS.map((kind) => html`<label key=${kind} class="choice">
        <input type="radio" name="import-kind" class="radio" value=${kind} checked=${dashboard.importKind === kind}
          onChange=${() => (dashboard.importKind = kind)} />
        <span><b>${t(`import.kind.${kind}`)}</b><small>${t(`import.about.${kind}`)}</small></span>
      </label>`)}
    </fieldset>`;

    /** How large a file may be, as this server is set. */
    const limits = () => {
      const most = info.value?.limits;
      if (!most) return '';
      if (dashboard.importKind === 'bulk') return t('import.limit', { size: fmtBytes(most.json_bytes) });
      return t('import.limits', {
        csv: fmtBytes(most.csv_bytes), json: fmtBytes(most.json_bytes), xlsx: fmtBytes(most.xlsx_bytes), rows: fmtNumber(most.xlsx_rows),
      });
    };

    const place = () => {
      const file = dashboard.importFile;
      return html`<div class=${['drop', over.value && 'over']} onDragover=${drag} onDragleave=${() => (over.value = false)} onDrop=${drop}>
        ${file
          ? html`<p class="file">${icon('file')}<b>${file.name}</b><span class="muted">${fmtBytes(file.size)}</span></p>`
          : html`<p>${t('import.drop')}</p>`}
        <input ref=${picker} type="file" class="sr" tabindex="-1" aria-label=${t('import.file')} accept=${ENDINGS} onChange=${pick} />
        <button type="button" class="btn" onClick=${() => picker.value.click()}>${t(file ? 'import.pickOther' : 'import.pick')}</button>
        <p class="small muted">${t(dashboard.importKind === 'bulk' ? 'import.formatsBulk' : 'import.formats')} ${limits()}</p>
      </div>`;
    };

    const templates = () => {
      const kind = dashboard.importKind;
      return html`<div class="cluster small soft"><span>${t('import.templateText')}</span>
        <span class="cluster">${(TEMPLATES[kind] ?? TABLES).map((format) => html`<a key=${format} class="link" download
          href=${`/api/admin/import/${kind}-template?format=${format}`}
          aria-label=${t('import.templateLabel', { format: t(`format.${format}`) })}>${t(`format.${format}`)}</a>`)}</span></div>`;
    };

    return () => html`${kinds()}${place()}${templates()}<${Options} />`;
  },
};
