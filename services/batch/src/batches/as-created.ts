import type { BatchRecord } from '@penstock/persistence';

const NO_TOKENS = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

/** A batch as it was when it was created, however far it has come since. */
export function asCreated(record: BatchRecord): BatchRecord {
  return {
    ...record,
    status: 'validating',
    reached: {},
    model: undefined,
    problems: undefined,
    ...{ total: 0, completed: 0, failed: 0 },
    usage: NO_TOKENS,
  };
}
