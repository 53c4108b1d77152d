import { configJsonSchema, SETTINGS } from '@penstock/config';
import { code, table } from './markdown.js';

export function settingsTable(): string {
  const rows = Object.values(SETTINGS).map(({ variable, meaning, rule, schema }) => {
    const fallback = schema.parse(undefined);
    return [code(variable), fallback === undefined ? '' : code(`${fallback}`), rule, meaning];
  });
  return table(['Variable', 'Default', 'Value', 'Meaning'], rows);
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

/** Every key of penstock.yaml, in the order of the schema. */
export function configurationTable(): string {
  return table(['Key', 'Value', 'Required', 'Meaning'], rowsOf(configJsonSchema(), ''));
}

function rowsOf(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const required = schema.required?.includes(key) ? 'yes' : '';
    return [[code(path), kindOf(value), required, value.description ?? ''], ...below(value, path)];
  });
}

function below(schema: JsonSchema, path: string): string[][] {
  if (schema.items) return rowsOf(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object')
    return rowsOf(schema.additionalProperties, `${path}.<name>`);
  return rowsOf(schema, path);
}

function kindOf(schema: JsonSchema): string {
  // What stands in many places has a name, and a document of its own.
  if (schema.$ref) return `${schema.$ref.split('/').at(-1)}s`;
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.type === 'array') return `list of ${kindOf(schema.items ?? {})}`;
  return schema.type === 'object' ? 'map' : [schema.type ?? 'any'].flat().join(' or ');
}
