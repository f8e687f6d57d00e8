// @ts-check
import { onMounted, ref, shallowRef } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Combobox } from '../../../ui/combobox.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { findAthletes, noteOf } from './find-athletes.js';
import { PartState } from './part-state.js';

/** Which athlete signs in with this account. The link is a field of the athlete. */
export const AthleteAccount = {
  props: { id: { type: Number, required: true } },
  /** @param {any} props */
  setup(props) {
    const part = usePart((signal) => read('/api/athletes', { query: { userId: props.id, perPage: 20 }, signal }));
    const problem = shallowRef(/** @type {any} */ (null));
    const busy = ref(false);
    const turn = ref(0);
    onMounted(part.load);

    const link = async (/** @type {number} */ athlete, /** @type {number | null} */ user) => {
      busy.value = true;
      problem.value = null;
      try {
        await client.put(`/api/athletes/${athlete}`, { userId: user });
      } catch (error) {
        problem.value = error;
      }
      turn.value += 1;
      busy.value = false;
      await part.load();
    };

    const line = (/** @type {any} */ athlete) => html`<li key=${athlete.id}>
      <div class="grow"><b>${athlete.name}</b><small>${noteOf(athlete)}</small></div>
      <button type="button" class="btn ghost icon-only" disabled=${busy.value} aria-label=${t('users.unlink', { name: athlete.name })}
        onClick=${() => link(athlete.id, null)}>${icon('close')}</button></li>`;
    const list = () => {
      const { athletes } = part.value.value;
      if (athletes.length) return html`<ul class="rows linked">${athletes.map(line)}</ul>`;
      return html`<div class="field"><label for="own-athlete">${t('users.link')}</label>
        <${Combobox} key=${turn.value} find=${findAthletes} attributes=${{ id: 'own-athlete' }} disabled=${busy.value}
          onPick=${(/** @type {any} */ choice) => choice && link(choice.value, props.id)} /></div>`;
    };
    return () => html`<section class="drawer-part" aria-labelledby="athlete-account">
      <h3 id="athlete-account">${t('users.athlete')}</h3><p class="soft">${t('users.athleteText')}</p>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('form.notSaved')} text=${problem.value.message} />`}
      <${PartState} part=${part} title=${t('form.notLoaded')} />
      ${!part.error.value && part.value.value && list()}
    </section>`;
  },
};
