import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- results: written by npm run faults -->';
const END = '<!-- end of results -->';

/** Puts a table into its place in a document. */
export function writeDocument(file: string, report: string): void {
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${file} has no place for the results`);
  writeFileSync(file, `${text.slice(0, from + BEGIN.length)}\n\n${report}\n${text.slice(to)}`);
}
