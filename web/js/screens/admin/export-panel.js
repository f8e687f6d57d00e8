import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { ExportButton as Button } from './export/button.js';
import { columns, format, kind, query } from './export/choice.js';
import { Selects } from './export/selects.js';

/** A button for one export on any screen. */
export const ExportButton = Button;

/** The export on the overview: what, and in which form. Columns and a preview are on its own page. */
export const ExportPanel = () => html`<section class="panel" aria-labelledby="export-title">
  <header><h2 id="export-title">${t('export.title')}</h2><a class="link" href="/admin/export">${t('export.more')}</a></header>
  <div class="body stack">
    <${Selects} />
    <p class="soft small">${t(`export.hint.${format.value}`)}${columns.value && ` ${t('export.columnsChosen', { n: columns.value.length })}`}</p>
    <div class="cluster"><${Button} primary kind=${kind.value} format=${format.value} query=${query.value} label=${t('export.download')} /></div>
  </div>
</section>`;
