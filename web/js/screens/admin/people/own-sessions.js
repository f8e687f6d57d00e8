// @ts-check
import { computed, onMounted, ref } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { signOut } from '../../../core/session.js';
import { Notice } from '../../../ui/notice.js';
import { deviceOf } from './device.js';
import { PartState } from './part-state.js';
import { SessionRows } from './session-rows.js';

const PATH = '/api/auth/sessions';

/** Where one is signed in, and how to end that elsewhere: for a phone that was lost, or a computer that is not one's own. */
export const OwnSessions = {
  /** @param {any} _ @param {any} context */
  setup(_, { expose }) {
    const part = usePart((signal) => read(PATH, { signal }));
    const done = ref('');
    const problem = ref('');
    const busy = ref(false);
    const sessions = computed(() => part.value.value?.sessions ?? []);
    const others = computed(() => sessions.value.filter((/** @type {any} */ session) => !session.current));
    onMounted(part.load);
    expose({ load: part.load });

    /** @param {() => Promise<string>} work what it did, in words */
    const act = async (work) => {
      done.value = '';
      problem.value = '';
      busy.value = true;
      try {
        done.value = await work();
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
      }
      busy.value = false;
      await part.load();
    };
    const end = (/** @type {any} */ session) => {
      if (session.current) return signOut();
      return act(async () => {
        await client.delete(`${PATH}/${session.id}`);
        return t('sessions.ended', { device: deviceOf(session.userAgent).name });
      });
    };
    const endOthers = () => act(async () => {
      const { revoked } = await client.post(`${PATH}/revoke-others`);
      return revoked ? t('sessions.endedOthers', { n: revoked }) : t('sessions.noOthers');
    });

    return () => html`<section class="panel" aria-labelledby="own-sessions">
      <header><h2 id="own-sessions">${t('sessions.title')}</h2>
        ${others.value.length > 0 && html`<button type="button" class="btn danger" disabled=${busy.value}
          onClick=${endOthers}>${t('sessions.endOthers')}</button>`}</header>
      ${(done.value || problem.value) && html`<div class="body flush">
        ${done.value && html`<${Notice} tone="ok" alert title=${done.value} text=${t('sessions.endedText')} />`}
        ${problem.value && html`<${Notice} tone="bad" alert title=${t('sessions.notEnded')} text=${problem.value} />`}</div>`}
      <${PartState} part=${part} title=${t('sessions.failed')} />
      ${!part.error.value && sessions.value.length > 0 && html`<${SessionRows} sessions=${sessions.value} canEnd busy=${busy.value}
        onEnd=${end} />`}
      <footer>${t('sessions.help')} <a class="link" href="/admin/help/lost-phone">${t('sessions.helpLink')}</a></footer>
    </section>`;
  },
};
