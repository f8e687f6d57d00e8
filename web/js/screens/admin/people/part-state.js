// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/**
 * What stands in the place of a part that is not there: why, with a button to try again, or that it is on its way.
 *
 * @param {{ part: { value: { value: any }, error: { value: any }, load: () => void }, title: string }} props
 */
export const PartState = ({ part, title }) => {
  if (part.error.value) {
    return html`<div class="body"><${Notice} tone="bad" alert title=${title} text=${part.error.value.message}>
      <button type="button" class="btn" onClick=${part.load}>${t('common.retry')}</button><//></div>`;
  }
  return part.value.value ? null : html`<div class="body" aria-busy="true"><div class="skeleton tall"></div></div>`;
};
PartState.props = ['part', 'title'];
