import { parse } from 'yaml';

/** As much of a compose file as a test has to know. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: unknown;
}

export function readComposeFile(source: string): ComposeFile {
  return parse(source, { merge: true }) as ComposeFile;
}

/** The variables of a text that compose fills in from its own environment: `${NAME}`, `${NAME:-…}`, `${NAME:?…}`. */
export function variablesOf(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Z_][A-Z0-9_]*)/g)].map(([, name = '']) => name);
}

/** The name of each service it waits for, with the condition it waits for. */
export function waitsFor(service: ComposeService): [name: string, condition: string][] {
  const { depends_on: names = [] } = service;
  if (Array.isArray(names)) return (names as readonly string[]).map((name) => [name, 'service_started']);
  return Object.entries(names as Record<string, { condition: string }>).map(([name, { condition }]) => [
    name,
    condition,
  ]);
}
