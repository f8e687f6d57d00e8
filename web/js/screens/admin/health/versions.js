import { fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

/** @param {{ part: any, uptime?: number }} props the answer of `/api/version` as `usePart` gives it, and seconds since the start */
export const Versions = ({ part, uptime }) => {
  const answer = part.value.value;
  const facts = [
    ['versions.program', answer?.version],
    ['versions.api', answer?.api_version],
    ['versions.sqlite', answer?.sqlite_version],
    ['versions.uptime', typeof uptime === 'number' && fmtSpan(uptime)],
  ].filter(([, value]) => value);
  return html`<section class="panel" aria-labelledby="versions-title">
    <header><h2 id="versions-title">${t('versions.title')}</h2></header>
    <dl class="facts body">${facts.map(([key, value]) => html`<div key=${key}><dt>${t(key)}</dt><dd>${value}</dd></div>`)}</dl>
  </section>`;
};
Versions.props = ['part', 'uptime'];
