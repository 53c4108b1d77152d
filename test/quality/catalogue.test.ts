import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeCatalogue } from '../../libs/config/catalogue/write-catalogue.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CATALOGUE = path.join(ROOT, 'libs/config/src/catalogue/known-models.ts');

describe('the catalogue of well-known models', () => {
  it('is what its facts and the installed packages say', () => {
    const fresh = writeCatalogue(ROOT);
    // WRITE_DOCS=1 writes it anew instead of comparing it.
    if (process.env['WRITE_DOCS'] === '1') writeFileSync(CATALOGUE, fresh);
    else expect(readFileSync(CATALOGUE, 'utf8')).toBe(fresh);
  });
});
