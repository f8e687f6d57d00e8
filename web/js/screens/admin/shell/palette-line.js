import { html } from '../../../core/html.js';
import { icon } from '../../../ui/icon.js';

/** One choice of the palette, with the typed letters marked in its name. */
export const PaletteLine = ({ entry, number, selected, text }, { emit }) => html`<div class="palette-line" role="option"
  id=${`palette-${number}`} aria-selected=${String(selected)} onPointermove=${() => selected || emit('point')} onClick=${() => emit('choose')}>
  ${icon(entry.icon)}
  <span class="palette-name">${marked(entry.label, text)}</span>
  ${entry.hint && html`<small>${entry.hint}</small>`}
  ${entry.keys && html`<span class="keys desk" aria-hidden="true">${entry.keys.split(' ').map(keyCap)}</span>`}
</div>`;
PaletteLine.props = ['entry', 'number', 'selected', 'text'];
PaletteLine.emits = ['point', 'choose'];

const keyCap = (key) => html`<kbd key=${key}>${key.toUpperCase()}</kbd>`;

/** The first place where the typed letters stand. */
function marked(label, text) {
  const at = text ? label.toLowerCase().indexOf(text.toLowerCase()) : -1;
  if (at < 0) return label;
  const end = at + text.length;
  return [label.slice(0, at), html`<mark>${label.slice(at, end)}</mark>`, label.slice(end)];
}
