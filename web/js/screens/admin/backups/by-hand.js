import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { ExportButton } from '../export-panel.js';

/**
 * How a copy is made without the program's own backups.
 *
 * @param {{ only: boolean }} props whether this version has no other way
 */
export const BackupByHand = ({ only }) => {
  const path = dashboard.databaseHealth?.details?.path;
  return html`<section class="panel" aria-labelledby="by-hand-title">
    <header><h2 id="by-hand-title">${t('byHand.title')}</h2></header>
    <div class="body stack">
      ${only && html`<${Notice} tone="warn" title=${t('byHand.only')} text=${t('byHand.onlyText')} />`}
      <ul class="ways">
        <li>${icon('file')}<h3>${t('byHand.stopped')}</h3><p class="soft">${t('byHand.stoppedText')}</p>
          ${path && html`<p class="small">${t('byHand.file')} <code class="path">${path}</code></p>`}</li>
        <li>${icon('download')}<h3>${t('byHand.running')}</h3><p class="soft">${t('byHand.runningText')}</p>
          <div class="cluster"><${ExportButton} kind="all" format="json" label=${t('byHand.export')} /></div></li>
        <li>${icon('check')}<h3>${t('byHand.check')}</h3><p class="soft">${t('byHand.checkText')}</p>
          <p class="small"><code>athsys check copy.db</code></p></li>
      </ul>
    </div>
  </section>`;
};
BackupByHand.props = ['only'];
