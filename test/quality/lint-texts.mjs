import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/**
 * Lints texts as if they stood in the files named, with the project's own configuration but for the rules that
 * need types. Reads `[{ file, text }]` from the standard input and writes the findings of each. A process of its
 * own, because ESLint loads its configuration by `import()`, which Jest's module loader does not carry.
 */
const eslint = new ESLint({
  cwd: join(import.meta.dirname, '../..'),
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});

const cases = JSON.parse(await text(process.stdin));
const findings = [];
for (const { file, text } of cases) {
  const [result] = await eslint.lintText(text, { filePath: file });
  findings.push(
    result.messages.map(({ ruleId, message, fatal }) => ({ ruleId, message, fatal: fatal ?? false })),
  );
}
process.stdout.write(JSON.stringify(findings));
