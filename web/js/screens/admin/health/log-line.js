import { fmtClock, fmtMillis, fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';

const word = (level) => (hasText(`log.level.${level}`) ? t(`log.level.${level}`) : level);

const shown = (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Most lines are requests: what was asked says more than the word. What it tells stands no second time below. */
function tell({ message, fields = {} }) {
  const { method, path, route, status, duration_ms: took, ...rest } = fields;
  if (!method || !path) return { text: message, facts: pairs(fields) };
  const facts = [
    [t('log.answer'), status],
    [t('log.took'), typeof took === 'number' && fmtMillis(took)],
    ...pairs(rest),
  ];
  return { text: `${method} ${path}`, facts: facts.filter(([, value]) => value) };
}

const pairs = (fields) => Object.entries(fields).filter(([, value]) => value !== '' && value !== null).map(([name, value]) => [name, shown(value)]);

/** @param {{ line: { seq: number, time: string, level: string, target?: string, message: string, fields?: Record<string, any> } }} props */
export const LogLine = ({ line }) => {
  const level = line.level.toLowerCase();
  const { text, facts } = tell(line);
  return html`<li class=${['log-line', `is-${level}`]}>
    <time class="tnum" datetime=${line.time} title=${fmtMoment(line.time)}>${fmtClock(new Date(line.time))}</time>
    <span class=${['log-level', `is-${level}`]}>${word(level)}</span>
    <span class="log-text">${text}
      <span class="log-fields">${facts.map(([name, value]) => html`<span key=${name}><i>${name}</i>${value}</span>`)}
        ${line.target && html`<span class="log-target">${line.target}</span>`}</span></span>
  </li>`;
};
LogLine.props = ['line'];

/** The same as one line of plain text, to be pasted into a message. */
export function lineText({ time, level, target, message, fields = {} }) {
  const members = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  return [time, level.toUpperCase(), target, message, ...members].filter(Boolean).join(' ');
}
