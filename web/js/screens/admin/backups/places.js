import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { toast } from '../../../ui/toast.js';
import { ExportButton } from '../export-panel.js';
import { copyText } from '../health/copy.js';

/**
 * Where the files lie, and what may be done with them in the file manager.
 *
 * @param {{ state: any }} props the answer of `/api/admin/backups`
 */
export const FilePlaces = ({ state }) => html`<section class="panel" aria-labelledby="places-title">
  <header><h2 id="places-title">${t('places.title')}</h2></header>
  <div class="body"><ul class="ways">
    <li>${icon('copy')}<h3>${t('places.copy')}</h3><p class="soft">${t('places.copyText')}</p>${place(state.published.file)}</li>
    <li>${icon('history')}<h3>${t('places.folder')}</h3><p class="soft">${t('places.folderText')}</p>${place(state.folder)}
      ${state.copy && html`<p class="small soft">${t('places.second')}</p>${place(state.copy.folder)}`}</li>
    <li>${icon('undo')}<h3>${t('places.back')}</h3><p class="soft">${t('places.backText')}</p></li>
    <li>${icon('check')}<h3>${t('places.check')}</h3><p class="soft">${t('places.checkText')}</p><p class="small"><code>athsys check copy.db</code></p></li>
    <li>${icon('download')}<h3>${t('places.export')}</h3><p class="soft">${t('places.exportText')}</p>
      <div class="cluster"><${ExportButton} kind="all" format="json" label=${t('places.exportDo')} /></div></li>
  </ul></div>
</section>`;
FilePlaces.props = ['state'];

const place = (path) => html`<div class="place"><code class="path">${path}</code>
  <button type="button" class="btn ghost icon-only no-print" aria-label=${t('places.copyPath', { path })} onClick=${() => copy(path)}>${icon('copy')}</button></div>`;

async function copy(path) {
  toast(t((await copyText(path)) ? 'places.copied' : 'log.notCopied', { path }));
}
