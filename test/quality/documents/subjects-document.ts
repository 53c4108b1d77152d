import { DEFAULT_RESULT_TTL_MS, streams } from '@penstock/messaging';
import { code, table } from './markdown.js';
import { documentedEntries } from './documented-entries.js';

export const SUBJECTS_SOURCE = 'libs/contracts/src/subjects.ts';
export const HEADERS_SOURCE = 'libs/contracts/src/headers.ts';

export function subjectsTable(): string {
  const rows = documentedEntries(SUBJECTS_SOURCE, 'SUBJECT').map(({ value, summary }) => [
    code(value),
    summary,
  ]);
  return table(['Subject', 'What for'], rows);
}

export function streamsTable(): string {
  const topology = new Map(
    streams({ replicas: 1, resultTtlMs: DEFAULT_RESULT_TTL_MS }).map((stream) => [stream.name, stream]),
  );
  const rows = documentedEntries(SUBJECTS_SOURCE, 'STREAM').map(({ value, summary }) => {
    const stream = topology.get(value);
    if (!stream) throw new Error(`libs/messaging makes no stream ${value}`);
    const subjects = (stream.subjects ?? []).map(code).join(', ');
    return [
      code(value),
      subjects,
      stream.storage ?? '',
      stream.retention ?? '',
      stream.discard ?? '',
      summary,
    ];
  });
  if (rows.length !== topology.size)
    throw new Error('libs/messaging makes a stream that STREAM does not name');
  return table(['Stream', 'Subjects', 'Storage', 'Retention', 'When full, discards', 'What for'], rows);
}

export function headersTables(): string {
  const entries = documentedEntries(HEADERS_SOURCE, 'HEADER');
  const groups = [...new Set(entries.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = entries
        .filter((entry) => entry.group === group)
        .map(({ value, summary }) => [code(value), summary]);
      return `${group}\n\n${table(['Header', 'What it holds'], rows)}`;
    })
    .join('\n\n');
}
