import type { Api, Read, RequestSummary, StoredPart } from '@penstock/contracts';
import { findField, readLine, splitLines, type LineRules } from '@penstock/lines';
import type { FileStore } from '@penstock/messaging';
import type { LineSource, NamedLine, NumberedLine } from './line-source.js';

/** A rough measure, for what is not read. */
const BYTES_PER_TOKEN = 4;

interface RawLine {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Reads the lines of a validated file out of the object store. */
export class FileLines implements LineSource {
  private readonly lines: ReturnType<typeof splitLines>;
  private waiting: readonly RawLine[] = [];

  constructor(
    files: FileStore,
    parts: readonly StoredPart[],
    private readonly rules: LineRules,
  ) {
    this.lines = splitLines(files.read(parts), Infinity);
  }

  async take(count: number): Promise<readonly NumberedLine[]> {
    return (await this.takeRaw(count)).map((line) => readAgain(line, this.rules));
  }

  async takeNames(count: number): Promise<readonly NamedLine[]> {
    return (await this.takeRaw(count)).map(({ number, bytes }) => ({ number, customId: customIdOf(bytes) }));
  }

  async close(): Promise<void> {
    await this.lines.return();
  }

  private async takeRaw(count: number): Promise<readonly RawLine[]> {
    const taken: RawLine[] = [];
    while (taken.length < count) {
      if (this.waiting.length === 0) {
        const { value, done } = await this.lines.next();
        if (done) break;
        this.waiting = value as readonly RawLine[];
      }
      const missing = count - taken.length;
      for (const line of this.waiting.slice(0, missing)) taken.push(line);
      this.waiting = this.waiting.slice(missing);
    }
    return taken;
  }
}

function readAgain({ number, bytes }: RawLine, rules: LineRules): NumberedLine {
  let read = readLine(bytes, rules);
  // Its preset may have gone: then it goes out as it is, under a name that no worker knows.
  if (!read.ok) read = readLine(bytes, { ...rules, presets: undefined });
  if (!read.ok) read = readLine(bytes, { ...rules, presets: undefined, readRequest: asItIs });
  if (!read.ok) throw new Error(`Line ${number} was valid and is so no more: ${read.problem.message}`);
  return { ...read.line, number };
}

/** A request that an older build took and this one would not: what becomes of it is its provider's to say. */
function asItIs(_: Api, body: Uint8Array): Read<RequestSummary> {
  const { model } = JSON.parse(Buffer.from(body).toString()) as { readonly model?: unknown };
  return {
    ok: true,
    value: {
      model: typeof model === 'string' ? model : '',
      stream: false,
      estimatedInputTokens: Math.ceil(body.length / BYTES_PER_TOKEN),
      maxOutputTokens: undefined,
    },
  };
}

/** The custom id of a line that has been validated. */
function customIdOf(line: Uint8Array): string {
  const span = findField(line, 'custom_id');
  const text = Buffer.from(span ? line.subarray(span.start, span.end) : line).toString();
  const value = JSON.parse(text) as string | { readonly custom_id: string };
  return typeof value === 'string' ? value : value.custom_id;
}
