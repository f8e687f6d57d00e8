import { createApp } from './core/vue.js';
import { loadMessages } from './core/i18n.js';
import { loadInfo } from './core/server-info.js';
import { ResultsPage } from './screens/public/results.js';

await Promise.all([loadMessages(), loadInfo()]);
createApp(ResultsPage).mount('#app');
