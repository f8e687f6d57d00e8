import { createApp } from './core/vue.js';
import './core/dashboard.js';
import { html } from './core/html.js';
import { loadMessages } from './core/i18n.js';
import { route } from './core/router.js';
import { loadInfo } from './core/server-info.js';
import { session, startSession } from './core/session.js';
import { SetupPage } from './screens/account/setup.js';
import { SignInDialog, SignInPage } from './screens/account/sign-in.js';
import { Shell } from './screens/admin/shell/shell.js';

const App = () => {
  if (route.value.path === '/setup' && session.state !== 'in') return html`<${SetupPage} />`;
  if (session.state === 'out') return html`<${SignInPage} />`;
  return html`<${Shell} />${session.state === 'expired' && html`<${SignInDialog} />`}`;
};

await Promise.all([loadMessages(loadInfo()), startSession()]);
createApp(App).mount('#app');
