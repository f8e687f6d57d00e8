import { fmtClock, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

const BEADS = 14;
const SHOWN_OF_HASH = 12;

/**
 * Whether the log is as it was written: beads on a string, and a sentence. A break is named.
 *
 * @param {{ part: any }} props the answer of `/api/admin/audit-logs/chain` as `usePart` gives it
 */
export const Chain = ({ part }) => {
  const chain = part.value.value?.chain;
  const error = part.error.value;
  const state = error ? 'unknown' : chain ? (chain.ok ? 'intact' : 'broken') : 'checking';
  return html`<section class=${['panel', 'chain', state]} aria-labelledby="chain-title">
    <h2 class="sr" id="chain-title">${t('chain.title')}</h2>
    ${beads(state)}
    <p class="grow" role="status"><b>${t(`chain.${state}`)}</b>
      <span class="soft">${error ? error.message : chain && sentence(chain)}</span></p>
    <button type="button" class="btn no-print" disabled=${part.busy.value} onClick=${part.load}>${icon('check')}${t('chain.check')}</button>
  </section>`;
};
Chain.props = ['part'];

const beads = (state) => html`<svg class="beads" viewBox=${`0 0 ${BEADS * 10} 10`} aria-hidden="true">
  <path d=${state === 'broken' ? `M5 5h${(BEADS / 2 - 1) * 10} m14 0H${BEADS * 10 - 5}` : `M5 5H${BEADS * 10 - 5}`} />
  ${Array.from({ length: BEADS }, (_, i) => html`<circle key=${i} cx=${i * 10 + 5} cy="5" r="3"
    class=${{ lost: state === 'broken' && i === BEADS / 2 }} />`)}
</svg>`;

function sentence({ ok, rows, head, fault, checked_at: at }) {
  const values = { n: rows, head: String(head?.hash ?? head ?? '').slice(0, SHOWN_OF_HASH), time: fmtClock(new Date(at)) };
  return ok ? t('chain.intactText', values) : t('chain.brokenText', { rows: fmtNumber(rows), fault: capital(faultText(fault)), time: values.time });
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** What is wrong, in the server's own sentence. */
const faultText = (fault) => (typeof fault === 'string' ? fault : (fault?.message ?? fault?.detail ?? t('chain.seq', { seq: String(fault?.seq ?? '') })));
