import { fmtBytes, fmtPercent } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { StackedBar } from '../../../ui/chart-shares.js';
import { Meter } from '../../../ui/meter.js';

/**
 * What the program takes of the disk and of the memory, and what is left. How large the disk is the server does not say, so the bar
 * compares the database with what is free.
 *
 * @param {{ details?: any, points?: any[] }} props
 */
export const Room = ({ details, points }) => {
  if (!details) return null;
  const { size_bytes: file, wal_bytes: wal = 0, free_disk_bytes: free } = details;
  const memory = points?.findLast((point) => typeof point.memory_bytes === 'number')?.memory_bytes;
  return html`<section class="panel" aria-labelledby="room-title">
    <header><h2 id="room-title">${t('room.title')}</h2></header>
    <div class="body stack">
      ${typeof free === 'number' && html`<div class="stack g2">
        <div class="spread"><b>${t('room.free', { size: fmtBytes(free) })}</b>
          <span class="soft small">${takes((file + wal) / (file + wal + free))}</span></div>
        <${Meter} share=${(file + wal) / (file + wal + free)} /></div>`}
      <${FileBar} file=${file} wal=${wal} />
      <dl class="facts">
        ${typeof memory === 'number' && html`<div><dt>${t('room.memory')}</dt><dd>${fmtBytes(memory)}</dd></div>`}
        ${details.page_size && html`<div><dt>${t('room.page')}</dt><dd>${fmtBytes(details.page_size)}</dd></div>`}
        ${details.path && html`<div><dt>${t('room.path')}</dt><dd class="path">${details.path}</dd></div>`}
      </dl>
    </div>
  </section>`;
};
Room.props = ['details', 'points'];

/** A small share would round to nothing. */
const takes = (share) => (share < 0.01 ? t('room.takesLittle') : t('room.takes', { share: fmtPercent(share) }));

const FileBar = ({ file, wal }) => html`<${StackedBar} format=${fmtBytes} parts=${[
  { name: t('room.file'), n: file, tone: 'c1' },
  { name: t('room.wal'), n: wal, tone: 'c3' },
]} />`;
FileBar.props = ['file', 'wal'];
