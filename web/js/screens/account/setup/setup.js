import { watchEffect } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { go, route } from '../../../core/router.js';
import { info } from '../../../core/server-info.js';
import { session } from '../../../core/session.js';
import { SetupNotice } from '../banners.js';
import { GatePage, SignInPage } from '../sign-in.js';
import { AdministratorStep } from './administrator.js';
import { AthletesStep } from './athletes.js';
import { MeetStep } from './meet.js';

/** The questions after the first one, by their names in the address. */
const LATER = { meet: MeetStep, athletes: AthletesStep };
const NAMES = ['administrator', ...Object.keys(LATER)];

/** The set-up link: who administers, which meet, which athletes. All but the first can be left for later. */
export const SetupPage = {
  setup() {
    const isIn = () => session.state !== 'out';
    const asked = () => (isIn() ? route.value.query.get('step') : 'administrator');
    // A link without a question, opened by somebody who is signed in, leads to work.
    watchEffect(() => isIn() && !(asked() in LATER) && go('/admin', { replace: true }));

    const page = (/** @type {string} */ name, /** @type {any} */ body) => html`<${GatePage} key=${name} title=${t(`setup.title.${name}`)}
      text=${t(`setup.text.${name}`)}>
      <p class="muted small">${t('setup.question', { n: NAMES.indexOf(name) + 1, of: NAMES.length })}</p>${body}<//>`;

    return () => {
      const name = asked();
      if (name in LATER) return page(name, html`<${LATER[name]} />`);
      if (isIn()) return null;
      // Once an administrator exists the link is spent, and what its visitor wants is to sign in.
      if (info.value?.setup_needed === false) return html`<${SignInPage} />`;
      const token = route.value.query.get('token');
      return page('administrator', token ? html`<${AdministratorStep} token=${token} />` : html`<${SetupNotice} />`);
    };
  },
};
