import { onUnmounted, ref, shallowRef } from '../../../core/vue.js';
import { isAbort, read } from '../../../core/api.js';
import { fmtMoment, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

const PAGE = 20;
/** Members that change with every write and say nothing to people. */
const HIDDEN = ['id', 'updatedAt', 'createdAt', 'registeredAt', 'recordedAt', 'recordedBy', 'version', 'userId', 'athleteId', 'eventId', 'raceId'];

/** Who did what to one row and when, with each changed field before and after; newest first. */
export const RowHistory = {
  props: { path: String, fields: Array },
  setup(props) {
    const entries = shallowRef([]);
    const total = ref(null);
    const busy = ref(false);
    const problem = shallowRef(null);
    const controller = new AbortController();
    onUnmounted(() => controller.abort());

    const more = async () => {
      busy.value = true;
      problem.value = null;
      const page = Math.floor(entries.value.length / PAGE) + 1;
      try {
        const answer = await read(`${props.path}/history`, { query: { page, perPage: PAGE }, signal: controller.signal });
        entries.value = [...entries.value, ...answer.history];
        total.value = answer.total;
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      }
      busy.value = false;
    };
    void more();

    const fieldOf = (name) => props.fields.find((field) => field.name === name);
    const label = (name) => fieldOf(name)?.label ?? (hasText(`changes.field.${name}`) ? t(`changes.field.${name}`) : name);
    const text = (name, value) => {
      const option = fieldOf(name)?.options?.find((one) => one.value === value);
      if (option?.value) return option.label;
      if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
      return String(orDash(typeof value === 'object' && value ? JSON.stringify(value) : value));
    };

    const change = ({ name, before, after }) => html`<li key=${name}><span class="what">${label(name)}</span>
      ${before !== undefined && html`<del>${text(name, before)}</del><span class="sr">${t('changes.to')}</span>`}
      <ins>${text(name, after)}</ins></li>`;

    const entry = (row) => html`<li key=${row.seq}>
      <header><b>${row.userName ?? t('changes.server')}</b> <span>${actionText(row.action)}</span>
        <time datetime=${row.createdAt}>${fmtMoment(row.createdAt)}</time></header>
      ${differences(row).length > 0 && html`<ul>${differences(row).map(change)}</ul>`}
    </li>`;

    return () => html`<section class="history" aria-busy=${String(busy.value)}>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('changes.notLoaded')} text=${problem.value.message}>
        <button type="button" class="btn" onClick=${more}>${t('common.retry')}</button><//>`}
      ${total.value === 0 && html`<p class="soft">${t('changes.none')}</p>`}
      ${total.value === null && busy.value && html`<div class="skeleton tall"></div>`}
      <ol>${entries.value.map(entry)}</ol>
      ${entries.value.length < (total.value ?? 0) && html`<button type="button" class="btn start" disabled=${busy.value}
        onClick=${more}>${t('changes.older')}</button>`}
    </section>`;
  },
};

const actionText = (action) => (hasText(`changes.action.${action}`) ? t(`changes.action.${action}`) : action);

/** The fields whose value is another one after; a new row has no before. */
function differences({ before, after }) {
  if (!after) return [];
  const names = Object.keys(after).filter((name) => !HIDDEN.includes(name));
  const same = (name) => JSON.stringify(before?.[name] ?? null) === JSON.stringify(after[name] ?? null);
  return names.filter((name) => !same(name)).map((name) => ({ name, before: before ? (before[name] ?? null) : undefined, after: after[name] }));
}
