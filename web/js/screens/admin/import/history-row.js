import { fmtMoment, fmtNumber, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { COUNTS, Share } from './consequences.js';
import { countOf, keptBy } from './counts.js';
import { Download } from './download.js';

const TONES = { running: 'info', success: 'ok', partial: 'warn', failed: 'bad', interrupted: 'bad', stopped: '', undone: '' };

/** One import of the history. Emits `open` for its report, and `undo`. */
export const HistoryRow = {
  props: { entry: Object, isAsked: Boolean },
  emits: ['open', 'undo'],
  setup(props, { emit }) {
    const undoButton = () => html`<button type="button" class="btn ghost" data-undo=${props.entry.id}
      aria-label=${t('history.undoFile', { file: props.entry.file_name })} disabled=${props.isAsked}
      onClick=${() => emit('undo')}>${icon('undo')}<span class="opt">${t('history.undo')}</span></button>`;
    return () => {
      const { entry } = props;
      return html`<tr>
        <td class="tnum opt">${fmtMoment(entry.started_at)}</td>
        <td class="name">${entry.report
            ? html`<button type="button" class="row-link" aria-label=${t('history.open', { file: entry.file_name })}
              onClick=${() => emit('open')}>${entry.file_name}</button>`
            : entry.file_name}
          <small class="muted">${kindOf(entry)}</small>
          <small class="muted narrow">${fmtMoment(entry.started_at)}</small>
          ${entry.report && html`<div class="narrow">${rows(entry)}</div>`}</td>
        <td class="opt rows-cell">${entry.report ? rows(entry) : orDash('')}</td>
        <td><span class=${['badge', TONES[stateOf(entry)]]}>${stateText(stateOf(entry))}</span></td>
        <td class="acts"><div class="cluster">${files(entry)}${isUndoable(entry) && undoButton()}</div></td>
      </tr>`;
    };
  },
};

/** What became of the rows, as a bar and in words. */
const rows = ({ report }) => html`<${Share} report=${report} />
  <small class="soft">${COUNTS.map((name) => ({ name, n: countOf(report, name) })).filter(({ n }) => n > 0)
    .map(({ name, n }) => t('history.count', { count: fmtNumber(n), what: t(`history.what.${name}`) })).join(' · ')}</small>`;

export const isUndoable = (entry) => ['success', 'partial'].includes(entry.state) && keptBy(entry.report) > 0;

const kindOf = ({ dataset, format }) => t('history.kind', { kind: t(`import.kind.${dataset}`), format: format.toUpperCase() });

/** What somebody stopped was not interrupted. */
const stateOf = ({ state, report }) => (report?.cancelled ? 'stopped' : state);

const stateText = (state) => (hasText(`importStatus.${state}`) ? t(`importStatus.${state}`) : state);

/** The file as it came, and the rows of it that were refused. */
const files = (entry) => html`${entry.has_refused && html`<${Download} tone="ghost" path=${`/api/admin/imports/${entry.id}/errors.csv`}
    label=${t('history.refusedFile', { file: entry.file_name })}>${icon('alert')}<span class="opt">${t('history.refused')}</span><//>`}
  ${entry.has_original && html`<${Download} tone="ghost icon-only" path=${`/api/admin/imports/${entry.id}/original`}
    label=${t('history.originalFile', { file: entry.file_name })}>${icon('download')}<//>`}`;
