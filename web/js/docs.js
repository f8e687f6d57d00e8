import { createApp } from './core/vue.js';
import { loadMessages } from './core/i18n.js';
import { loadInfo } from './core/server-info.js';
import { DocsPage } from './screens/docs/page.js';

await loadMessages(loadInfo());
createApp(DocsPage).mount('#app');
