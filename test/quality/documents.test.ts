import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { configurationTable, settingsTable } from './documents/configuration-document.js';
import { errorsTable } from './documents/errors-document.js';
import { failuresTable } from './documents/failures-document.js';
import { withSection } from './documents/markdown.js';
import {
  HEADERS_SOURCE,
  SUBJECTS_SOURCE,
  headersTables,
  streamsTable,
  subjectsTable,
} from './documents/subjects-document.js';
import { attributesTable, metricsTable, spansTable } from './documents/telemetry-document.js';

const ROOT = join(import.meta.dirname, '../..');

const SECTIONS: readonly (readonly [
  document: string,
  section: string,
  source: string,
  write: () => string,
])[] = [
  ['docs/configuration.md', 'keys', 'libs/config/src/schema/config-schema.ts', configurationTable],
  ['docs/configuration.md', 'settings', 'libs/config/src/settings/catalogue.ts', settingsTable],
  ['docs/errors.md', 'errors', 'libs/contracts/src/errors.ts', errorsTable],
  ['docs/errors.md', 'failures', 'libs/contracts/src/failure.ts', failuresTable],
  ['docs/subjects.md', 'subjects', SUBJECTS_SOURCE, subjectsTable],
  ['docs/subjects.md', 'streams', 'libs/messaging/src/topology.ts', streamsTable],
  ['docs/subjects.md', 'headers', HEADERS_SOURCE, headersTables],
  ['docs/telemetry.md', 'spans', 'libs/telemetry/src/spans.ts', spansTable],
  ['docs/telemetry.md', 'attributes', 'libs/telemetry/src/attributes.ts', attributesTable],
  ['docs/telemetry.md', 'metrics', 'libs/telemetry/src/metric-catalogue.ts', metricsTable],
];

/** WRITE_DOCS=1 writes the sections anew instead of comparing them. */
const writing = process.env['WRITE_DOCS'] === '1';

describe.each(SECTIONS)('%s', (document, section, source, write) => {
  it(`has the section "${section}" as ${source} says`, async () => {
    const path = join(ROOT, document);
    const present = readFileSync(path, 'utf8');
    const options = { ...(await resolveConfig(path)), parser: 'markdown' };
    const fresh = await format(withSection(present, section, source, write()), options);
    if (writing) writeFileSync(path, fresh);
    else expect(present).toBe(fresh);
  });
});
