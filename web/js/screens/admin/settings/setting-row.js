// @ts-check
import { useId } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

/**
 * One setting: on the left what it is and what it does, on the right its control. `group` for several controls that belong
 * together, otherwise `forId` names the control. `source` says where the present value comes from; what is stored can be given up
 * for the default: emits `restore`.
 */
export const SettingRow = {
  props: {
    label: { type: String, required: true },
    text: String,
    forId: String,
    group: Boolean,
    source: String,
    error: String,
    hint: String,
    canRestore: Boolean,
  },
  emits: ['restore'],
  /** @param {any} props @param {any} context */
  setup(props, { emit, slots }) {
    const labelId = useId();
    const source = () => props.source && html`<span class=${['badge', props.source === 'file' && 'info']}>
      ${t(`settings.source.${props.source}`)}</span>`;
    const below = () => {
      const id = `${props.forId}-about`;
      if (props.error) return html`<span class="err" id=${id}>${icon('alert')}<span>${props.error}</span></span>`;
      return props.hint && html`<span class="hint" id=${id}>${props.hint}</span>`;
    };
    return () => html`<div class="setting" role=${props.group ? 'group' : null} aria-labelledby=${props.group ? labelId : null}>
      <div>
        <div class="cluster">
          ${props.group ? html`<b id=${labelId}>${props.label}</b>` : html`<label for=${props.forId}>${props.label}</label>`}
          ${source()}
        </div>
        ${props.text && html`<p>${props.text}</p>`}
        ${props.canRestore && html`<button type="button" class="link small" onClick=${() => emit('restore')}>${t('settings.restore')}</button>`}
        ${props.source === 'file' && html`<p class="soft">${t('settings.inFile')}</p>`}
      </div>
      <div class="field">${slots.default()}${below()}</div>
    </div>`;
  },
};
