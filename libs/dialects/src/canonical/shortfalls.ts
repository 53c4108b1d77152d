import { refusal, type Read, type Refusal } from '@penstock/contracts';

/**
 * Collects what of a request the canonical form does not express. A parameter is dropped and listed; what
 * would change the question itself if it were left out (a message's part, a second prompt) refuses the
 * request instead.
 */
export class Shortfalls {
  private readonly paths: string[] = [];
  private refused: Refusal | undefined;

  drop(path: string): void {
    this.paths.push(path);
  }

  /** Drops every field that is not known, except those that are null and so mean nothing. */
  dropUnknown(fields: object, known: ReadonlySet<string>, prefix = ''): void {
    for (const [name, value] of Object.entries(fields)) {
      if (!known.has(name) && value !== null) this.drop(prefix + name);
    }
  }

  /** The first one stands. */
  refuse(param: string, message: string): void {
    this.refused ??= refusal('unprocessable', { param, message: `'${param}' ${message}.` });
  }

  /** For a part, an item or a block that has no like elsewhere. */
  refuseKind(param: string): void {
    this.refuse(param, 'is of a kind that only its own API understands');
  }

  /** The value with what was dropped on the way to it, unless the request has to be refused. */
  conclude<T>(make: (dropped: readonly string[]) => T): Read<T> {
    if (this.refused !== undefined) return { ok: false, refusal: this.refused };
    return { ok: true, value: make(this.paths) };
  }
}
