import { onUnmounted, ref, shallowRef } from '../../../core/vue.js';
import { client, isAbort } from '../../../core/api.js';
import { dataChanged } from '../../../core/dashboard.js';
import { orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';
import { resultStatusText, roundText } from './words.js';

/**
 * The places of an event's results by the rules: what would change and why, then stored with one press. Nobody's newer result is
 * overwritten: the places are stored for what was looked at, or looked at again.
 */
export const RankingPanel = {
  props: { id: Number },
  setup(props) {
    const found = shallowRef(null);
    const problem = shallowRef(null);
    const busy = ref(false);
    const together = ref(/** @type {boolean | null} */ (null));
    const controller = new AbortController();
    let etag = null;
    onUnmounted(() => controller.abort());

    const ask = async (body, headers = {}) => {
      const path = `/api/events/${props.id}/rank`;
      const chosen = together.value === null ? {} : { together: together.value };
      const response = await client.send(path, { method: 'POST', body: { ...chosen, ...body }, headers, signal: controller.signal });
      etag = response.headers.get('ETag');
      return response.json();
    };
    const attempt = async (work) => {
      busy.value = true;
      problem.value = null;
      try {
        await work();
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      } finally {
        busy.value = false;
      }
    };
    const look = () => attempt(async () => {
      found.value = await ask({});
    });
    const store = () => attempt(async () => {
      const { changed } = await ask({ apply: true }, { 'If-Match': etag });
      toast(t('ranking.stored', { n: changed }));
      dataChanged();
      found.value = await ask({});
    });
    const choose = (event) => {
      together.value = event.target.checked;
      void look();
    };
    void look();

    const place = (row) => (row.before === row.after ? html`<b>${orDash(row.after)}</b>` : html`<del>${orDash(row.before)}</del>
      <span aria-hidden="true"> → </span><span class="sr">${t('check.becomes')}</span><ins>${orDash(row.after)}</ins>`);
    const why = (row) => (row.reason === 'status' ? resultStatusText(row.status) : t(`ranking.reason.${row.reason}`));
    const line = (row) => html`<tr key=${row.id}>
      <td class="num">${place(row)}</td>
      <td class="name"><a class="link" href=${`/admin/results?id=${row.id}`}>${row.athleteName}</a></td>
      <td class="num">${orDash(row.mark)}</td>
      <td class="soft">${why(row)}</td></tr>`;
    const titled = (list) => [roundText(list.round), list.heatNumber && t('ranking.heat', { heat: list.heatNumber })].filter(Boolean).join(', ');
    const table = (list) => html`<section key=${`${list.round} ${list.heatNumber}`} class="stack g2">
      <h3>${titled(list)}</h3>
      <div class="scroll boxed"><table class="table">
        <thead><tr><th scope="col" class="num">${t('results.place')}</th><th scope="col">${t('entity.athlete')}</th>
          <th scope="col" class="num">${t('results.mark')}</th><th scope="col">${t('ranking.why')}</th></tr></thead>
        <tbody>${list.results.map(line)}</tbody>
      </table></div></section>`;
    const hasHeats = () => new Set(found.value.lists.flatMap((list) => list.results).map((row) => row.heatNumber)).size > 1;
    const isTogether = () => together.value ?? found.value.lists.every((list) => list.round === 'final');

    return () => {
      const trouble = problem.value && html`<${Notice} tone="bad" alert title=${t('ranking.failed')}
        text=${problem.value.status === 409 ? t('ranking.stale') : problem.value.message}>
        <button type="button" class="btn" onClick=${look}>${t('ranking.again')}</button><//>`;
      if (!found.value) return trouble || html`<div class="skeleton tall"></div>`;
      const { lists, open, changed } = found.value;
      if (lists.length === 0) return html`<p class="soft">${t('results.noneHere')}</p>`;
      return html`<section class="ranking stack" aria-busy=${String(busy.value)}>
        ${trouble}
        <p class="soft">${t('ranking.text')}</p>
        ${hasHeats() && html`<label class="tick"><input type="checkbox" class="check" checked=${isTogether()} onChange=${choose} />
          ${t('ranking.together')}</label>`}
        ${open.map((question, at) => html`<${Notice} key=${at} tone=${question.code === 'judged' ? 'info' : 'warn'}
          title=${t(`ranking.open.${question.code}`, { n: question.resultIds.length, place: question.place })} />`)}
        ${lists.map(table)}
        <div class="cluster">
          ${changed === 0 ? html`<p role="status">${t('ranking.same')}</p>` : html`<button type="button" class="btn primary" disabled=${busy.value}
            onClick=${store}>${t('ranking.store')}</button><span class="soft" role="status">${t('ranking.change', { n: changed })}</span>`}
        </div>
      </section>`;
    };
  },
};
