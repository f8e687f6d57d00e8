import { fmtMoment, fmtNumber, fmtPercent, fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Meter } from '../../../ui/meter.js';

const POOL_FULL = 0.9;
/** Enough of a hash to compare with what stands on paper. */
const SHOWN_OF_HASH = 12;

/**
 * How busy the database is. Only what the server has said; before that nothing.
 *
 * @param {{ details?: any }} props of the health check
 */
export const DatabaseFacts = ({ details }) => html`<section class="panel" aria-labelledby="work-title">
  <header><h2 id="work-title">${t('health.work')}</h2></header>
  ${details ? html`<div class="gauges">
    ${pool(details.pool)}${cache(details.cache)}${requests(details.requests)}${writer(details.writer)}
  </div>
  <dl class="facts body ruled two-up">${facts(details)}</dl>` : html`<p class="body soft">${t('health.notSaid')}</p>`}
</section>`;
DatabaseFacts.props = ['details'];

const gauge = (key, title, value, note, share, tone) => html`<div key=${key} class="gauge">
  <h3>${title}</h3><p class="big">${value}</p>
  ${share !== undefined && html`<${Meter} share=${share} tone=${tone} />`}<small>${note}</small></div>`;

function pool(of) {
  if (!of) return null;
  const share = of.in_use / of.max;
  return gauge('pool', t('health.readers'), t('health.readersOf', { used: of.in_use, max: of.max }), t('health.readersNote', { n: of.idle }),
    share, share > POOL_FULL ? 'warn' : '');
}

function cache(of) {
  if (!of) return null;
  const asked = of.hits + of.misses;
  return asked
    ? gauge('cache', t('health.cache'), fmtPercent(of.hits / asked), t('health.cacheOf', { hits: of.hits, misses: of.misses }), of.hits / asked)
    : gauge('cache', t('health.cache'), '\u2013', t('health.cacheUnused'));
}

const requests = (of) => of && gauge('requests', t('health.requests'), fmtNumber(of.requests), t('health.requestsNote', {
  errors: of.server_errors + of.panics, refused: of.client_errors, now: of.in_flight,
}));

const writer = (of) => of && gauge('writer', t('health.writer'), fmtNumber(of.commits), t('health.queued', { n: of.queued }));

function facts(details) {
  const { last_backup: backup, last_integrity_check: checked, published, audit_head: head } = details;
  const shown = [
    ['health.published', published && publishedText(published)],
    ['health.backup', backup === undefined ? '' : backup ? fmtMoment(backup.created_at) : t('health.never')],
    ['health.integrity', checked === undefined ? '' : checked ? fmtMoment(checked) : t('health.never')],
    ['health.chain', head?.hash && t('health.chainHead', { seq: String(head.seq), head: head.hash.slice(0, SHOWN_OF_HASH) })],
    ['health.journal', details.journal_mode],
    ['health.durability', t(`health.synchronous.${details.synchronous === 2 || details.synchronous === 3 ? 'full' : 'less'}`)],
    ['health.schema', details.schema_version],
    ['health.sync', details.sync && t(`sync.state.${details.sync.status}`)],
  ].filter(([, value]) => value);
  return shown.map(([key, value]) => html`<div key=${key}><dt>${t(key)}</dt><dd>${value}</dd></div>`);
}

const publishedText = ({ behind_seconds: behind }) => (behind ? t('health.publishedBehind', { age: fmtSpan(behind) }) : t('health.publishedNow'));
