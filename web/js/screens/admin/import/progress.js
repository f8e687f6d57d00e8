import { dashboard } from '../../../core/dashboard.js';
import { fmtBytes, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { stopping } from './flow.js';
import { queue } from './queue.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

function timeLeft(ms) {
  if (ms === null || ms === undefined) return '';
  if (ms < SECOND_MS) return t('work.almost');
  return ms < 2 * MINUTE_MS ? t('work.seconds', { n: Math.round(ms / SECOND_MS) }) : t('work.minutes', { n: Math.round(ms / MINUTE_MS) });
}

/** The fourth step: how far the upload is, then the rows. Only the title is read out: numbers that run would never let it end. */
export const ImportProgress = () => {
  const { phase, loaded, size, total, rows, imported, failed, eta } = dashboard.importProgress;
  const isSending = phase === 'uploading';
  const percent = isSending ? (size ? (loaded / size) * 100 : 0) : total ? Math.min(100, (rows / total) * 100) : null;
  const title = stopping.value ? 'work.stopping' : isSending ? 'work.sending' : phase === 'waiting' ? 'work.waiting' : 'work.importing';
  return html`<div class="stack work">
    <div class="spread"><h3 tabindex="-1" data-start><span role="status">${t(title)}</span></h3>
      <span class="muted tnum">${percent !== null && t('work.percent', { n: Math.floor(percent) })}</span></div>
    <progress class="progress" max="100" value=${phase === 'waiting' || percent === null ? null : percent} aria-label=${t('import.progress')}></progress>
    <div class="spread soft small tnum">
      <span>${isSending ? t('work.sent', { size: fmtBytes(size) }) : total > 0 ? t('work.rows', { rows: Math.min(rows, total), n: total }) : ''}</span>
      <span>${!isSending && !stopping.value && timeLeft(eta)}</span>
    </div>
    <dl class="tally">
      <div class="imported"><dt>${t('report.imported')}</dt><dd>${fmtNumber(imported)}</dd></div>
      <div class=${['failed', !failed && 'none']}><dt>${t('report.failed')}</dt><dd>${fmtNumber(failed)}</dd></div>
    </dl>
    ${queue.items.length > 1 && html`<p class="soft small">${t('work.file', { i: String(queue.at + 1), n: queue.items.length })}</p>`}
    <p class="soft small">${t('work.note')}</p>
  </div>`;
};
