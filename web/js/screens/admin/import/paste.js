import { ref, useId } from '../../../core/vue.js';
import { fmtClock } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { addFiles } from './queue.js';

/** At least a heading and a row. */
const LEAST_LINES = 2;

/** A copied table as a file; null when the text is none. Spreadsheets put tabs between cells. */
export function fileOfText(text) {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim());
  if (lines.length < LEAST_LINES || !/[\t,;|]/.test(lines[0])) return null;
  const ending = lines[0].includes('\t') ? 'tsv' : 'csv';
  const name = `${t('import.pastedName', { time: fmtClock(Date.now()).replaceAll(':', '-') })}.${ending}`;
  return new File([text], name, { type: 'text/plain' });
}

/** A place for a table out of a spreadsheet, for who has no file. */
export const Paste = {
  setup() {
    const id = useId();
    const text = ref('');
    const isBad = ref(false);
    const use = () => {
      const file = fileOfText(text.value);
      isBad.value = !file;
      if (!file) return;
      text.value = '';
      void addFiles([file]);
    };
    return () => html`<details class="fold paste">
      <summary><span>${t('import.paste')}</span><span class="muted">${t('import.pasteKeys')}</span></summary>
      <div class="field"><label for=${id}>${t('import.pasteLabel')}</label>
        <textarea class="input" id=${id} rows="5" spellcheck="false" value=${text.value} aria-invalid=${isBad.value ? 'true' : null}
          aria-describedby=${`${id}-about`} onInput=${(event) => [(text.value = event.target.value), (isBad.value = false)]}></textarea>
        <span class=${isBad.value ? 'err' : 'hint'} id=${`${id}-about`}>${t(isBad.value ? 'import.pasteBad' : 'import.pasteHint')}</span></div>
      <button type="button" class="btn start" onClick=${use}>${t('import.pasteUse')}</button>
    </details>`;
  },
};
