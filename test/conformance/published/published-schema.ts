import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const ROOT = join(import.meta.dirname, '../../..');
const CACHE = join(ROOT, '.penstock/cache/published');

const PACKAGES = { openai: 'openai', anthropic: '@anthropic-ai/sdk' } as const;
export type Vendor = keyof typeof PACKAGES;

/**
 * The types that a vendor's package declares, as JSON Schema: nothing may be missing and nothing may be there that the
 * package does not know. Made from the installed package; kept until the package or the list of types changes.
 */
export function publishedSchema(vendor: Vendor): PublishedSchema {
  const path = join(import.meta.dirname, `${vendor}-types.ts`);
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const version = devDependencies[PACKAGES[vendor]] ?? '';
  const digest = createHash('sha256').update(readFileSync(path)).update(version).digest('hex').slice(0, 16);
  const kept = join(CACHE, `${vendor}-${digest}.json`);
  try {
    return new PublishedSchema(JSON.parse(readFileSync(kept, 'utf8')) as Schema);
  } catch {
    const schema = createGenerator({
      path,
      tsconfig: join(import.meta.dirname, 'tsconfig.json'),
      type: 'Published',
      skipTypeCheck: true,
      additionalProperties: false,
      jsDoc: 'none',
      topRef: false,
    }).createSchema('Published') as Schema;
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(kept, JSON.stringify(schema));
    return new PublishedSchema(schema);
  }
}

interface Schema {
  readonly properties: Readonly<Record<string, { readonly $ref: string }>>;
  readonly definitions: Readonly<Record<string, Definition>>;
}

interface Definition {
  readonly properties?: Readonly<Record<string, { readonly const?: unknown }>>;
  readonly required?: readonly string[];
}

export class PublishedSchema {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, discriminator: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(private readonly schema: Schema) {
    this.ajv.addSchema(toldApart(schema, schema), 'published');
  }

  /** What is wrong with a value that should be of one of the `Published` types, in sentences; none if nothing is. */
  complaints(name: string, value: unknown): string[] {
    const validate = this.validator(name);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const detail = (params['additionalProperty'] ?? params['tagValue'] ?? '') as string;
      return `${name}${instancePath} ${message} ${detail}`.trim();
    });
  }

  private validator(name: string): ValidateFunction {
    const known = this.compiled.get(name);
    if (known) return known;
    const reference = this.schema.properties[name]?.$ref;
    if (reference === undefined) throw new Error(`There is no published type ${name}.`);
    const made = this.ajv.compile({ $ref: `published${reference}` });
    this.compiled.set(name, made);
    return made;
  }
}

/**
 * The same schema with each union whose members say by their `type` which one they are marked so: a complaint is then
 * about that member, and not about all of them.
 */
function toldApart(value: unknown, { definitions }: Schema): Record<string, unknown> {
  const visit = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(visit);
    if (typeof inner !== 'object' || inner === null) return inner;
    const copy = Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, visit(each)]));
    const members = copy['anyOf'] as { readonly $ref?: string }[] | undefined;
    if (!members) return copy;
    const types = members.map(({ $ref }) => typeTag(definitions[nameIn($ref)]));
    if (types.includes(undefined) || new Set(types).size < types.length) return copy;
    const { anyOf: _, ...rest } = copy;
    return {
      ...rest,
      type: 'object',
      required: ['type'],
      discriminator: { propertyName: 'type' },
      oneOf: members,
    };
  };
  return visit(value) as Record<string, unknown>;
}

function nameIn(reference: string | undefined): string {
  return decodeURIComponent((reference ?? '').slice('#/definitions/'.length));
}

/** What a type's `type` always is. */
function typeTag(definition: Definition | undefined): unknown {
  return definition?.required?.includes('type') ? definition.properties?.['type']?.const : undefined;
}
