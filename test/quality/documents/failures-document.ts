import { FAILURE_REASONS, type FailureKind } from '@penstock/contracts';
import { code, table } from './markdown.js';

const CONSEQUENCE: Record<FailureKind, string> = {
  caller: 'Never retried: it would fail everywhere.',
  provider: 'Retried on another deployment; counts against the breaker.',
  overload: 'Retried elsewhere or later; does not count against the breaker.',
  ours: 'Retried, and logged as an error.',
};

export function failuresTable(): string {
  const rows = Object.entries(FAILURE_REASONS).map(([reason, kind]) => [
    code(reason),
    kind,
    CONSEQUENCE[kind],
  ]);
  return table(['Reason', 'Whose', 'What follows'], rows);
}
