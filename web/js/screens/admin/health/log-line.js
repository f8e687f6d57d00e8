import { fmtClock, fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';

const word = (level) => (hasText(`log.level.${level}`) ? t(`log.level.${level}`) : level);

const shown = (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value));

/** @param {{ line: { seq: number, time: string, level: string, target?: string, message: string, fields?: Record<string, any> } }} props */
export const LogLine = ({ line }) => {
  const level = line.level.toLowerCase();
  return html`<li class=${['log-line', `is-${level}`]}>
    <time class="tnum" datetime=${line.time} title=${fmtMoment(line.time)}>${fmtClock(new Date(line.time))}</time>
    <span class=${['log-level', `is-${level}`]}>${word(level)}</span>
    <span class="log-text">${line.message}${line.target && html`<small class="log-target">${line.target}</small>`}
      ${Object.keys(line.fields ?? {}).length > 0 && html`<span class="log-fields">${Object.entries(line.fields).map(([name, value]) => html`<span
        key=${name}><i>${name}</i>${shown(value)}</span>`)}</span>`}</span>
  </li>`;
};
LogLine.props = ['line'];

/** The same as one line of plain text, to be pasted into a message. */
export function lineText({ time, level, target, message, fields = {} }) {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  return [time, level.toUpperCase(), target, message, ...pairs].filter(Boolean).join(' ');
}
