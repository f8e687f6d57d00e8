// @ts-check
import { computed, onMounted, ref, shallowRef } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Combobox } from '../../../ui/combobox.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { findAthletes, noteOf } from './find-athletes.js';
import { PartState } from './part-state.js';
import { USERS } from './use-users.js';

/**
 * The athletes whose entries and contacts a coach may see. They are stored as one list, so nothing can be changed here while the
 * server does not say what the list is.
 */
export const CoachAthletes = {
  props: { id: { type: Number, required: true } },
  emits: ['changed'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const path = `${USERS}/${props.id}`;
    const part = usePart(async (signal) => {
      const { user } = await read(path, { signal });
      if (!user.athleteIds) return { known: false, athletes: [] };
      const rows = user.athleteIds.map((/** @type {number} */ id) => read(`/api/athletes/${id}`, { signal }));
      return { known: true, athletes: (await Promise.all(rows)).map((answer) => answer.athlete) };
    });
    const athletes = computed(() => part.value.value?.athletes ?? []);
    const problem = shallowRef(/** @type {any} */ (null));
    const busy = ref(false);
    /** A new field for each choice: it empties itself. */
    const turn = ref(0);
    onMounted(part.load);

    const store = async (/** @type {any[]} */ wanted) => {
      busy.value = true;
      problem.value = null;
      try {
        await client.put(path, { athleteIds: wanted.map((athlete) => athlete.id) });
        part.value.value = { known: true, athletes: wanted };
        emit('changed');
      } catch (error) {
        problem.value = error;
      }
      turn.value += 1;
      busy.value = false;
    };
    const add = (/** @type {any} */ choice) => {
      if (choice && !athletes.value.some((/** @type {any} */ one) => one.id === choice.value)) void store([...athletes.value, choice.athlete]);
      else turn.value += 1;
    };

    const line = (/** @type {any} */ athlete) => html`<li key=${athlete.id}>
      <div class="grow"><b>${athlete.name}</b><small>${noteOf(athlete)}</small></div>
      <button type="button" class="btn ghost icon-only" disabled=${busy.value} aria-label=${t('users.unlink', { name: athlete.name })}
        onClick=${() => store(athletes.value.filter((/** @type {any} */ one) => one.id !== athlete.id))}>${icon('close')}</button></li>`;
    const list = () => {
      if (!part.value.value.known) return html`<${Notice} tone="info" title=${t('users.linksUnknown')} text=${t('users.linksUnknownText')} />`;
      return html`${athletes.value.length > 0 && html`<ul class="rows linked">${athletes.value.map(line)}</ul>`}
        <div class="field"><label for="coach-athlete">${t('users.link')}</label>
          <${Combobox} key=${turn.value} find=${findAthletes} attributes=${{ id: 'coach-athlete' }} disabled=${busy.value} onPick=${add} />
        </div>`;
    };
    return () => html`<section class="drawer-part" aria-labelledby="coach-athletes">
      <h3 id="coach-athletes">${t('users.athletes')}</h3><p class="soft">${t('users.athletesText')}</p>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('form.notSaved')} text=${problem.value.message} />`}
      <${PartState} part=${part} title=${t('form.notLoaded')} />
      ${!part.error.value && part.value.value && list()}
    </section>`;
  },
};
