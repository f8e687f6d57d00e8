import { computed, ref } from '../../../core/vue.js';
import { connection } from '../../../core/connection.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtHour } from '../../../core/format.js';
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

/** Over the page when the server is away or cannot save: what happened, what is safe, what to do. */
export const ConnectionBanner = {
  setup() {
    const asking = ref(false);
    const trouble = computed(() => {
      if (connection.reach === 'away') return 'away';
      return connection.reach === 'ok' && connection.storing !== 'ok' ? connection.storing : '';
    });
    const ask = async () => {
      asking.value = true;
      await dashboard.checkDatabaseHealth();
      asking.value = false;
    };
    const text = () => {
      const time = lastAnswer();
      return trouble.value === 'away' && time ? t('banner.awaySince', { time }) : t(`banner.${trouble.value}Text`);
    };
    return () => html`<div class="banner-place" role="alert">${trouble.value && html`<div class="banner" data-state=${trouble.value}>
      ${icon(trouble.value === 'away' ? 'wifi-off' : 'alert')}
      <p><b>${t(`banner.${trouble.value}`)}</b> ${text()}</p>
      <button type="button" class="btn" disabled=${asking.value} onClick=${ask}>
        ${t(asking.value ? 'banner.asking' : 'banner.ask')}</button>
    </div>`}</div>`;
  },
};
