import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { isWholeRead, recordsOf } from './source-rows.js';

/** The last column of such a file, as the server calls it too: it is no data when the file is imported. */
const REASON = 'error';

/** The rows that would be refused as a file to mend elsewhere, each with the reason. Only of text, which can be read here. */
export const RefusedFile = ({ preview }) => {
  if (!isWholeRead(preview) || preview.errors_truncated) return null;
  return html`<button type="button" class="btn ghost" onClick=${() => save(preview)}>${icon('download')}${t('check.refusedFile')}</button>`;
};
RefusedFile.props = ['preview'];

/** A cell that a spreadsheet would run as a formula is text there; an import takes the mark off again. Numbers and phones stay. */
const defused = (cell) => (/^[=@\t\r]|^[+-](?![\d\s().-]*$)/.test(cell) ? `'${cell}` : cell);

async function save(preview) {
  const records = await recordsOf(preview);
  const reasons = new Map();
  for (const { row, message } of preview.error_details) reasons.set(row, [...(reasons.get(row) ?? []), message]);
  const headings = [...preview.header, REASON];
  const rows = [...reasons].filter(([row]) => records[row - 1]).map(([row, messages]) => {
    const cells = [...preview.header.map((_, at) => records[row - 1][at] ?? ''), messages.join('; ')];
    return Object.fromEntries(cells.map((cell, at) => [at, defused(cell)]));
  });
  const { importService, importFile } = dashboard;
  const lines = importService.jsonToCsv([Object.fromEntries(headings.map((heading, at) => [at, heading])), ...rows], headings.map((_, at) => at));
  // The first line are the places of the cells, which keep headings apart that are alike.
  const text = lines.slice(lines.indexOf('\n') + 1);
  importService.downloadFile(new Blob(['\uFEFF', text], { type: 'text/csv' }), importFile.name.replace(/\.[^.]+$/, '') + '-errors.csv');
}
