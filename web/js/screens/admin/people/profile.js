// @ts-check
import { ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { BrowserPanel } from '../settings/browser-panel.js';
import { OwnDetails } from './own-details.js';
import { OwnPassword } from './own-password.js';
import { OwnSecondFactor } from './own-second-factor.js';
import { OwnSessions } from './own-sessions.js';

/** Everything about the person at the keyboard: who they are, their password, and where they are signed in. */
export const Screen = {
  setup() {
    const sessions = ref(/** @type {any} */ (null));
    return () => html`<div class="page">
      <div class="page-head"><div><h1>${t('profile.title')}</h1><p>${t('profile.text')}</p></div></div>
      <div class="pair">
        <${OwnDetails} />
        <${OwnPassword} onChanged=${() => sessions.value?.load()} />
      </div>
      <${OwnSecondFactor} />
      <${OwnSessions} ref=${sessions} />
      <${BrowserPanel} />
    </div>`;
  },
};
