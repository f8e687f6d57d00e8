// @ts-check
import { onMounted, ref } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Notice } from '../../../ui/notice.js';
import { PartState } from './part-state.js';
import { SessionRows } from './session-rows.js';
import { USERS } from './use-users.js';

/** Where somebody else is signed in, and how to sign them out everywhere. */
export const UserSessions = {
  props: { id: { type: Number, required: true }, name: String },
  /** @param {any} props */
  setup(props) {
    const path = `${USERS}/${props.id}/sessions`;
    const part = usePart((signal) => read(path, { signal }));
    const done = ref('');
    const problem = ref('');
    const busy = ref(false);
    onMounted(part.load);

    const end = async () => {
      busy.value = true;
      problem.value = '';
      try {
        await client.delete(path);
        done.value = t('users.signedOut', { name: props.name });
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
      }
      busy.value = false;
      await part.load();
    };

    const list = () => {
      const { sessions } = part.value.value;
      if (!sessions.length) return html`<p class="soft">${t('users.notSignedIn')}</p>`;
      return html`<${SessionRows} sessions=${sessions} />
        <button type="button" class="btn danger start" disabled=${busy.value} onClick=${end}>${t('users.signOut')}</button>`;
    };
    return () => html`<section class="drawer-part" aria-labelledby="user-sessions">
      <h3 id="user-sessions">${t('users.sessions')}</h3>
      ${done.value && html`<${Notice} tone="ok" alert title=${done.value} />`}
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('sessions.notEnded')} text=${problem.value} />`}
      <${PartState} part=${part} title=${t('sessions.failed')} />
      ${!part.error.value && part.value.value && list()}
    </section>`;
  },
};
