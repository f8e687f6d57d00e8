import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { setQuery } from '../../../core/router.js';
import { icon } from '../../../ui/icon.js';
import { fieldName } from '../import/field-names.js';

const nameOf = (name) => (name === 'q' ? t('export.search') : fieldName(name));

/** The filters that came along from a list; each may be taken off. */
export const Filters = ({ filters }) => {
  const names = Object.keys(filters);
  if (!names.length) return null;
  return html`<div class="stack g3"><b class="small">${t('export.only')}</b>
    <ul class="chips">${names.map((name) => html`<li key=${name} class="chip"><b>${nameOf(name)}</b><span>${filters[name]}</span>
      <button type="button" aria-label=${t('export.unfilter', { name: nameOf(name) })} onClick=${() => setQuery({ [name]: null }, { replace: true })}>
        ${icon('close')}</button></li>`)}</ul></div>`;
};
Filters.props = ['filters'];
