import { ref } from '../../../core/vue.js';
import { fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';

/**
 * A new station link as a code for cameras, to be scanned from the screen or printed for the station. Over plain http there is no
 * clipboard for pages: then the text is selected, and Ctrl C takes it.
 */
export const Made = {
  props: { made: { type: Object, required: true } },
  emits: ['close'],
  setup(props, { emit }) {
    const field = ref(null);
    const said = ref('');
    const copy = async () => {
      field.value.select();
      try {
        await navigator.clipboard.writeText(props.made.link);
        said.value = t('races.copied');
      } catch {
        said.value = t('races.selected');
      }
    };
    const print = () => window.print();
    return () => {
      const { station, link, qr } = props.made;
      return html`<${Dialog} title=${t('stations.made')} onClose=${() => emit('close')}>${{
        default: () => html`<div class="station-poster">
            <h2>${station.label}</h2>
            <p>${[station.eventName, station.raceName].join(' · ')}</p>
            <img class="station-code" alt=${t('stations.codeAlt')} src=${`data:image/svg+xml,${encodeURIComponent(qr)}`} />
            <p><b>${t(`stations.poster.${station.role}`)}</b></p>
            <p>${t('stations.scan')}</p>
            <p class="soft small">${t('stations.until', { time: fmtMoment(station.expiresAt) })}</p>
          </div>
          <div class="copy-line no-print"><label for="station-link">${t('stations.link')}</label>
            <div class="cluster"><input class="input grow" id="station-link" ref=${field} readonly value=${link} />
              <button type="button" class="btn" onClick=${copy}>${icon('copy')}${t('races.copy')}</button></div>
            <p class="hint" role="status">${said.value}</p></div>
          <${Notice} tone="warn" title=${t('stations.onceTitle')} text=${t('stations.onceText')} class="no-print" />`,
        footer: () => html`<button type="button" class="btn" onClick=${() => emit('close')}>${t('common.close')}</button>
          <button type="button" class="btn primary" onClick=${print}>${icon('print')}${t('stations.print')}</button>`,
      }}<//>`;
    };
  },
};
