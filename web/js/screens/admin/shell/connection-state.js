import { computed, ref } from '../../../core/vue.js';
import { connection } from '../../../core/connection.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtBytes, fmtHour, fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

/** Nothing is claimed before the first answer. */
const reach = computed(() => (!dashboard.databaseHealth && connection.reach === 'ok' ? 'unknown' : connection.reach));

const lastAnswer = () => (connection.lastAnswer ? fmtHour(connection.lastAnswer) : '');

/** The small sign in the top bar. */
export const ConnectionState = () => {
  const time = lastAnswer();
  const words = reach.value === 'retrying' && time ? t('connection.retryingSince', { time }) : t(`connection.${reach.value}`);
  return html`<span class="conn" data-state=${reach.value} role="status" title=${words}>
    ${/away|retrying/.test(reach.value) && html`<span class="mob">${icon('wifi-off')}</span>`}<span class="words">${words}</span></span>`;
};

/** What is worst, as the name of its texts: one banner at a time. */
const trouble = computed(() => {
  if (connection.reach === 'away') return 'away';
  if (connection.reach !== 'ok') return '';
  return connection.storing === 'ok' ? (connection.care?.code ?? '') : connection.storing;
});

function troubleText() {
  const time = lastAnswer();
  if (trouble.value === 'away' && time) return t('banner.awaySince', { time });
  const { seconds = 0, bytes = 0, percent = 0, until = '' } = connection.care ?? {};
  const values = { age: fmtSpan(seconds), size: fmtBytes(bytes), percent, time: fmtHour(until) };
  return t(`banner.${trouble.value}Text`, values);
}

/** At the foot of every page when the server is away, cannot save or needs care: what happened, what is safe, what to do. */
export const ConnectionBanner = {
  setup() {
    const asking = ref(false);
    const ask = async () => {
      asking.value = true;
      await dashboard.checkDatabaseHealth();
      asking.value = false;
    };
    return () => html`<div class="banner-place" role="alert">${trouble.value && html`<div class="banner" data-state=${trouble.value}>
      ${icon(trouble.value === 'away' ? 'wifi-off' : 'alert')}
      <p><b>${t(`banner.${trouble.value}`)}</b> ${troubleText()}</p>
      ${/copyOld|backups/.test(trouble.value) && html`<a class="btn" href="/admin/backups">${t('banner.see')}</a>`}
      ${/slept|battery/.test(trouble.value) && html`<a class="btn" href="/admin/help/long-run">${t('banner.help')}</a>`}
      <button type="button" class="btn" disabled=${asking.value} onClick=${ask}>
        ${t(asking.value ? 'banner.asking' : 'banner.ask')}</button>
    </div>`}</div>`;
  },
};
