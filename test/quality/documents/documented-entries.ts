import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** One property of a catalogue: its name, what it stands for, and its doc comment. */
export interface DocumentedEntry {
  readonly key: string;
  /** A string as it is; a template with `{name}` for what varies. */
  readonly value: string;
  readonly summary: string;
  /** The `//` comment above the group it stands in, if the catalogue has groups. */
  readonly group: string;
}

/**
 * Reads the entries of `export const <name> = { … } as const` in a source file with their doc comments, which no
 * running program can see. Throws for an entry without one: the catalogue is the documentation.
 */
export function documentedEntries(file: string, name: string): DocumentedEntry[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const object = findObject(source, name);
  let group = '';
  return object.properties.map((property) => {
    if (!ts.isPropertyAssignment(property)) throw new Error(`${name} has an entry that is no property`);
    const key = property.name.getText(source);
    group = groupAbove(source, property) ?? group;
    const summary = ts
      .getJSDocCommentsAndTags(property)
      .map(({ comment }) => (typeof comment === 'string' ? comment : ''))
      .join(' ');
    if (summary === '') throw new Error(`${name}.${key} has no doc comment`);
    return { key, value: valueOf(property.initializer, source), summary, group };
  });
}

function findObject(source: ts.SourceFile, name: string): ts.ObjectLiteralExpression {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      if (declaration.name.getText(source) !== name || !declaration.initializer) continue;
      let value = declaration.initializer;
      while (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) value = value.expression;
      if (ts.isObjectLiteralExpression(value)) return value;
    }
  }
  throw new Error(`${source.fileName} exports no object ${name}`);
}

function groupAbove(source: ts.SourceFile, property: ts.Node): string | undefined {
  const comments = ts.getLeadingCommentRanges(source.text, property.getFullStart()) ?? [];
  const line = comments.find(({ kind }) => kind === ts.SyntaxKind.SingleLineCommentTrivia);
  return line && source.text.slice(line.pos + 2, line.end).trim();
}

function valueOf(node: ts.Expression, source: ts.SourceFile): string {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return valueOf(node.body, source);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map(({ expression, literal }) => {
      const variable = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      const name = variable.getText(source);
      return `{${name === 'priorityClass' ? 'class' : name}}${literal.text}`;
    });
    return node.head.text + parts.join('');
  }
  throw new Error(`cannot read ${node.getText(source)}`);
}
