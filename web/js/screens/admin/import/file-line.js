import { t } from '../../../core/i18n.js';
import { step } from './flow.js';
import { current, queue } from './queue.js';

/** What is at hand: the file, what it holds, and which of several it is. Before there is one, the given words. */
export function fileLine(otherwise) {
  const item = current.value;
  if (!item || step.value === 'file') return otherwise;
  const values = { file: item.file.name, kind: t(`import.kind.${item.kind}`) };
  if (queue.items.length < 2) return t('import.fileOf', values);
  return t('import.fileOfMany', { ...values, i: String(queue.at + 1), n: queue.items.length });
}
