import { onMounted, onUnmounted, ref, watch } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtAgo, fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Notice } from '../../../ui/notice.js';
import { placeOfRow } from '../audit/place.js';
import { activityOf } from '../audit/sentence.js';

const READ = 100;
const SHOWN = 8;
const EVERY_MS = 60_000;

/** What was done last, in plain sentences out of the audit log. */
export const RecentActivity = {
  setup() {
    const log = usePart((signal) => read('/api/admin/audit-logs', { query: { perPage: READ }, signal }), { everyMs: EVERY_MS });
    watch(() => dashboard.revision, log.load, { immediate: true });
    const now = ref(Date.now());
    let timer = 0;
    onMounted(() => (timer = setInterval(() => (now.value = Date.now()), EVERY_MS / 2)));
    onUnmounted(() => clearInterval(timer));

    const line = ({ row, text }) => {
      const place = placeOfRow(row);
      return html`<li key=${row.seq}>
        <span class="grow">${place ? html`<a class="plain" href=${place}>${text}</a>` : text}
          <small><time datetime=${row.createdAt} title=${fmtMoment(row.createdAt)}>${fmtAgo(row.createdAt, now.value)}</time></small></span>
      </li>`;
    };

    return () => html`<section class="panel" aria-labelledby="activity-title">
      <header><h2 id="activity-title">${t('activity.title')}</h2><a class="link" href="/admin/audit">${t('activity.all')}</a></header>
      ${log.error.value && html`<div class="body"><${Notice} tone="bad" title=${t('activity.failed')} text=${log.error.value.message}>
        <button type="button" class="btn" onClick=${log.load}>${t('common.retry')}</button><//></div>`}
      ${!log.value.value && !log.error.value && html`<div class="body"><div class="skeleton tall"></div></div>`}
      ${log.value.value?.audit_logs.length === 0 && html`<p class="body soft">${t('activity.none')}</p>`}
      ${log.value.value && html`<ul class="rows activity">${activityOf(log.value.value.audit_logs).slice(0, SHOWN).map(line)}</ul>`}
    </section>`;
  },
};
