import { ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { letterKeys, setLetterKeys, shortcuts } from '../../../core/keys.js';
import { Dialog } from '../../../ui/dialog.js';

const shown = ref(false);

/** Lists the keys of this page over it. */
export const showKeyList = () => {
  shown.value = true;
};

const COMMAND = isMac() ? '⌘' : 'Ctrl';

/** Keys that act whatever else is switched off. */
const ALWAYS = [
  { keys: `${COMMAND} k`, text: 'keys.palette' },
  { keys: 'Esc', text: 'keys.escape' },
  { keys: '↑ ↓', text: 'keys.move' },
];

/** What a table listens for itself when it has the keyboard. */
const IN_TABLES = [
  { keys: '↑ ↓', text: 'keys.rows' },
  { keys: 'PgUp PgDn', text: 'keys.pages' },
  { keys: 'Home End', text: 'keys.ends' },
  { keys: 'Enter', text: 'keys.open' },
  { keys: 'Space', text: 'keys.select' },
  { keys: '⇧ ↑ ↓', text: 'keys.selectMore' },
  { keys: `${COMMAND} a`, text: 'keys.selectAll' },
  { keys: 'Esc', text: 'keys.selectNone' },
];

function isMac() {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

/** The name of the search key as this keyboard has it. */
export const searchKey = () => `${COMMAND} K`;

export const KeyList = () => shown.value && html`<${Dialog} wide title=${t('keys.title')} text=${t('keys.text')}
  onClose=${() => (shown.value = false)}>
  <label class="tick"><input type="checkbox" class="check" checked=${letterKeys.value}
    onChange=${(event) => setLetterKeys(event.target.checked)} />${t('keys.letters')}</label>
  <div class="key-groups">
    ${group('keys.always', ALWAYS)}
    ${group('keys.tables', IN_TABLES)}
    ${letterKeys.value && [...shortcuts].map(([heading, list]) => group(heading, list))}
  </div>
<//>`;

const group = (heading, list) => html`<section key=${heading}>
  <h3>${t(heading)}</h3>
  <dl>${list.map(({ keys, text }) => html`<div key=${keys}><dt>${t(text)}</dt>
    <dd>${keys.split(' ').map((key) => html`<kbd key=${key}>${key.length === 1 ? key.toUpperCase() : key}</kbd>`)}</dd></div>`)}</dl>
</section>`;
