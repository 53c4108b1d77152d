import type { Reading } from './dialect.js';
import { invalidRequest, type ProviderError } from './provider-error.js';

/**
 * Reads the fields of a request one after the other and remembers the first that is wrong, so that a dialect's reader
 * reads straight on and asks once, at its end, whether all was well.
 */
export class FieldReader {
  private constructor(
    /** All fields, unread. */
    readonly value: Readonly<Record<string, unknown>>,
    private readonly path: string,
    private readonly findings: { problem: ProviderError | undefined },
  ) {}

  static of(body: unknown): FieldReader {
    const reader = new FieldReader(isObject(body) ? body : {}, '', { problem: undefined });
    if (!isObject(body)) reader.reject('', 'The body must be a JSON object.');
    return reader;
  }

  /** The value that was read, if all of its fields were right. */
  outcome<T>(value: T): Reading<T> {
    const { problem } = this.findings;
    return problem ? { ok: false, error: problem } : { ok: true, value };
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** The field as it is; null counts as absent. */
  raw(name: string): unknown {
    return this.value[name] ?? undefined;
  }

  text(name: string): string {
    const value = this.raw(name);
    if (typeof value === 'string') return value;
    this.reject(
      name,
      value === undefined ? `Missing required parameter: '${this.at(name)}'.` : this.wrong(name, 'a string'),
    );
    return '';
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (value !== undefined && typeof value !== 'boolean') this.reject(name, this.wrong(name, 'a boolean'));
    return value === true;
  }

  number(name: string, least: number, most = Infinity): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    const range = most === Infinity ? `at least ${least}` : `between ${least} and ${most}`;
    this.reject(name, this.wrong(name, `a number ${range}`));
    return undefined;
  }

  whole(name: string, least: number, most = Infinity): number | undefined {
    const value = this.number(name, least, most);
    if (value === undefined || Number.isInteger(value)) return value;
    this.reject(name, this.wrong(name, 'an integer'));
    return undefined;
  }

  object(name: string): FieldReader | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) this.reject(name, this.wrong(name, 'an object'));
    return this.child(name, value);
  }

  /** The items of a list of objects; none when the field is absent. */
  list(name: string): FieldReader[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) this.reject(name, this.wrong(name, 'an array'));
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.map((item, index) => {
      if (!isObject(item)) this.reject(`${name}[${index}]`, this.wrong(`${name}[${index}]`, 'an object'));
      return this.child(`${name}[${index}]`, item);
    });
  }

  /** One text or several; none when the field is absent. */
  texts(name: string, most: number): string[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (texts.length > most || !texts.every((text) => typeof text === 'string')) {
      this.reject(name, this.wrong(name, `a string or an array of at most ${most} strings`));
      return [];
    }
    return [...texts];
  }

  reject(name: string, message: string): void {
    this.findings.problem ??= invalidRequest(message, this.at(name));
  }

  private wrong(name: string, wanted: string): string {
    return `Invalid value for '${this.at(name)}': expected ${wanted}.`;
  }

  private at(name: string): string {
    return this.path === '' ? name : name === '' ? this.path : `${this.path}.${name}`;
  }

  private child(name: string, value: unknown): FieldReader {
    return new FieldReader(isObject(value) ? value : {}, this.at(name), this.findings);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
