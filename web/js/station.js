import { createApp } from './core/vue.js';
import { loadMessages } from './core/i18n.js';
import { loadInfo } from './core/server-info.js';
import { StationPage } from './screens/station/page.js';

await loadMessages(loadInfo());
createApp(StationPage).mount('#app');
