import { ERRORS } from '@penstock/contracts';
import { code, table } from './markdown.js';

export function errorsTable(): string {
  const rows = Object.entries(ERRORS).map(([name, entry]) => [
    code(name),
    String(entry.status),
    code(entry.type),
    entry.summary,
    entry.remedy,
  ]);
  return table(['Code', 'Status', 'Type', 'When', 'What to do'], rows);
}
