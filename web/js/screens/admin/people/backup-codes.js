// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/** Codes for a lost phone, to be written down now. @param {{ codes: string[] }} props */
export const BackupCodes = ({ codes }) => html`<${Notice} tone="warn" alert title=${t('factor.codesTitle')} text=${t('factor.codesText')} />
  <ul class="factor-codes">${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}</ul>`;
BackupCodes.props = ['codes'];
