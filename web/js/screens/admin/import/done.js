import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { FileList } from './file-list.js';
import { Obstacles } from './obstacles.js';
import { current, queue } from './queue.js';
import { ImportReport } from './report.js';
import { busy, refusal, takeBack } from './undoing.js';

/** The fifth step: what is stored now, and the way back. */
export const Done = () => {
  const item = current.value;
  if (!item?.report) return null;
  const { undone } = item;
  return html`<div class="stack g5">
    ${undone && html`<${Notice} tone="ok" alert title=${t('import.undone')}
      text=${undone.kept ? t('undo.kept', { n: undone.kept }) : t('import.undoneText')} />`}
    ${refusal.value && html`<${Obstacles} error=${refusal.value} busy=${busy.value}
      onRest=${() => takeBack(true)} onLeave=${() => (refusal.value = null)} />`}
    ${!undone && html`<${ImportReport} report=${item.report} dataset=${item.kind} />`}
    ${queue.items.length > 1 && html`<section class="stack g3" aria-labelledby="import-queue">
      <h3 id="import-queue">${t('import.files')}</h3><${FileList} /></section>`}
  </div>`;
};
