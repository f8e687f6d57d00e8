import { onUnmounted, shallowRef } from '../../../core/vue.js';
import { isAbort, read } from '../../../core/api.js';
import { fmtWind, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { may } from '../../../core/session.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { EntryStatus, markText, roundText, titleOfItsEvent } from './words.js';

const SHOWN = 100;

/**
 * The entries or results of one athlete or event, in its drawer. `by` is the filter, `athleteId` or `eventId`; each line names the
 * other side.
 */
export const Related = {
  props: { kind: String, by: String, id: Number },
  setup(props) {
    const answer = shallowRef(null);
    const problem = shallowRef(null);
    const controller = new AbortController();
    onUnmounted(() => controller.abort());

    const load = async () => {
      problem.value = null;
      try {
        answer.value = await read(`/api/${props.kind}`, { query: { [props.by]: props.id, perPage: SHOWN }, signal: controller.signal });
      } catch (error) {
        if (!isAbort(error)) problem.value = error;
      }
    };
    void load();

    const other = (row) => (props.by === 'athleteId' ? titleOfItsEvent(row) : (row.athleteName ?? t('entity.athlete')));
    const note = (row) => [props.by === 'athleteId' ? row.raceName : row.clubTeam, props.kind === 'results' && roundText(row.round)]
      .filter(Boolean).join(' · ');
    const value = (row) => {
      if (props.kind === 'registrations') return html`<span class="soft tnum">${row.seedMark}</span><${EntryStatus} status=${row.status} />`;
      return html`<span class="soft tnum">${row.windSpeed !== null && fmtWind(row.windSpeed)}</span><b class="tnum">${orDash(markText(row))}</b>`;
    };

    const line = (row) => html`<li key=${row.id}><a href=${`/admin/${props.kind}?id=${row.id}`}>
      <span class="grow"><b>${other(row)}</b>${note(row) && html`<small>${note(row)}</small>`}</span>${value(row)}</a></li>`;

    return () => {
      const list = `/admin/${props.kind}?${props.by}=${props.id}&race=all`;
      if (problem.value) {
        return html`<${Notice} tone="bad" alert title=${t('list.failed')} text=${problem.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//>`;
      }
      if (!answer.value) return html`<div class="skeleton tall"></div>`;
      const { total } = answer.value;
      return html`<section class="related stack g3">
        ${total === 0 && html`<p class="soft">${t(`${props.kind}.noneHere`)}</p>`}
        <ul>${answer.value[props.kind].map(line)}</ul>
        <div class="cluster">
          ${total > 0 && html`<a class="btn" href=${list}>${t(`${props.kind}.showAll`, { n: total })}</a>`}
          ${may(`${props.kind}.write`) && html`<a class="btn" href=${`${list}&id=new`}>${icon('plus')}${t(`${props.kind}.add`)}</a>`}
        </div>
      </section>`;
    };
  },
};
