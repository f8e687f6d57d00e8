import { createApp } from './core/vue.js';
import './core/dashboard.js';
import { html } from './core/html.js';
import { loadMessages } from './core/i18n.js';
import { route } from './core/router.js';
import { loadInfo } from './core/server-info.js';
import { session, startSession } from './core/session.js';
import { ConfirmPassword } from './screens/account/confirm-password.js';
import { SetupPage } from './screens/account/setup/setup.js';
import { SignInDialog, SignInPage } from './screens/account/sign-in.js';
import { Shell } from './screens/admin/shell/shell.js';

const page = () => {
  if (route.value.path === '/setup') return html`<${SetupPage} />`;
  return session.state === 'out' ? html`<${SignInPage} />` : html`<${Shell} />`;
};
const App = () => [page(), session.state === 'expired' && html`<${SignInDialog} />`, session.isConfirming && html`<${ConfirmPassword} />`];

await Promise.all([loadMessages(loadInfo()), startSession()]);
createApp(App).mount('#app');
