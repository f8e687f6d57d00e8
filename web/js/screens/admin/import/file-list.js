import { fmtBytes } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { columnsOf, isGuess } from './column-facts.js';
import { countOf, keptBy } from './counts.js';
import { KINDS } from './kinds.js';
import { chooseKind, current, isClean, isWaiting, queue, removeFile, turnTo } from './queue.js';

/** The files at hand, each with what it holds and what would become of it. */
export const FileList = () => html`<ol class="files" aria-label=${t('import.files')}>
  ${queue.items.map((item, i) => html`<li key=${item.id} class=${['file-line', item === current.value && 'in-turn']}
    aria-current=${queue.items.length > 1 && item === current.value ? 'true' : null}>
    ${icon('file')}
    <div class="grow">
      <p class="file">${nameOf(item, i)} <span class="muted small tnum">${fmtBytes(item.file.size)}</span></p>
      <p class="small" role="status"><span class="state"><span class=${['dot', toneOf(item)]}></span><span>${wordsOf(item)}</span></span></p>
    </div>
    ${queue.items.length > 1 && isWaiting(item) && kindOf(item)}
    <button type="button" class="btn ghost icon-only" aria-label=${t('import.remove', { file: item.file.name })}
      onClick=${() => removeFile(item)}>${icon('close')}</button>
  </li>`)}
</ol>`;

/** With several files, a press says whose turn it is. */
const nameOf = (item, i) => (queue.items.length > 1 && isWaiting(item)
  ? html`<button type="button" class="link" onClick=${() => turnTo(i)}>${item.file.name}</button>`
  : html`<b>${item.file.name}</b>`);

const kindOf = (item) => html`<select class="input" aria-label=${t('import.kindOf', { file: item.file.name })} value=${item.kind}
  onChange=${(event) => chooseKind(event.target.value, item)}>
  ${KINDS.map((kind) => html`<option key=${kind} value=${kind}>${t(`import.kind.${kind}`)}</option>`)}
</select>`;

function toneOf(item) {
  if (item.state === 'unreadable') return 'bad';
  if (item.state === 'done') return item.report?.import_id ? '' : 'bad';
  if (item.state !== 'seen') return 'off';
  return isClean(item) ? '' : 'warn';
}

function wordsOf(item) {
  if (item.state === 'unreadable') return item.problem?.message ?? t('import.state.unreadable');
  if (item.state === 'done') return t('import.state.done', { n: keptBy(item.report) });
  if (item.state !== 'seen') return t(`import.state.${item.state}`);
  const { preview } = item;
  if (!preview.usable) return t('import.state.unclear');
  const refused = countOf(preview, 'failed');
  return [
    t('import.state.rows', { n: countOf(preview, 'imported') + countOf(preview, 'updated') }),
    refused > 0 && t('import.state.refused', { n: refused }),
    columnsOf(preview)?.some(isGuess) && t('import.state.guess'),
    preview.same_file_as && t('import.state.same'),
  ].filter(Boolean).join(' · ');
}
