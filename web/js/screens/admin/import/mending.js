import { dashboard } from '../../../core/dashboard.js';
import { ask, preview } from './flow.js';
import { isSame, joined } from './repairing.js';

// What a person says of the file in turn. Each answer asks the server anew what would happen.

export function set(changes) {
  Object.assign(dashboard.importReading, changes);
  return ask();
}

/** What a column is. All that was remembered is sent along: what is sent takes its place. */
export function match(heading, field) {
  const { mapping } = dashboard.importReading;
  const before = mapping ?? (preview.value.mapping_remembered ? preview.value.mapping : {});
  return set({ mapping: { ...before, [heading]: field || null } });
}

export const forget = () => set({ mapping: {} });

export const mend = (repairs) => set({ repairs: joined(dashboard.importReading.repairs, repairs) });

/** Takes repairs off again. */
export const unmend = (repairs) => set({ repairs: dashboard.importReading.repairs.filter((one) => !repairs.some((repair) => isSame(one, repair))) });

/** Does what the server proposes. */
export function accept(proposals) {
  for (const { name, value } of proposals.flatMap(({ parameter }) => parameter ?? [])) {
    if (name === 'create_athletes') dashboard.importCreatesAthletes = value === 'true';
    if (name === 'on_duplicate') dashboard.importOnDuplicate = value;
  }
  const repairs = proposals.flatMap((proposal) => proposal.repairs ?? []);
  return repairs.length ? mend(repairs) : undefined;
}
