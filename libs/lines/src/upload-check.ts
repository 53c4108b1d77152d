import { isBatchEndpoint, type BatchEndpoint, type CheckedFile } from '@penstock/contracts';
import { FILE_LIMITS, FileCheck } from './file-check.js';
import { findField } from './find-field.js';
import type { LineRules } from './read-line.js';
import { LineSplitter, type InputLine } from './split-lines.js';

export interface UploadCheckOptions {
  /** Digest of the configuration that the rules are of. */
  readonly configuration: string;
  readonly rulesFor: (endpoint: BatchEndpoint) => LineRules;
  /** Waited for before each chunk is looked at: what somebody waits for comes first. */
  readonly turn: () => Promise<void>;
}

/**
 * Checks a batch file while it is uploaded, so that a batch of it can begin at once. It is held to be for the endpoint
 * that its first line names. Nothing is refused here: what is wrong is told when a batch is created.
 */
export class UploadCheck {
  private readonly splitter = new LineSplitter(FILE_LIMITS.maxLineBytes);
  private endpoint: BatchEndpoint | undefined;
  private check: FileCheck | undefined;
  private stopped = false;

  constructor(private readonly options: UploadCheckOptions) {}

  /** The bytes as they come. */
  async *file(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of source) {
      if (!this.stopped) {
        await this.options.turn();
        this.add(this.splitter.take(chunk));
      }
      yield chunk;
    }
    if (!this.stopped) this.add(this.splitter.end());
  }

  /** What a file comes to that has passed. Undefined if any of it is not valid. */
  verdict(): CheckedFile | undefined {
    const verdict = this.stopped ? undefined : this.check?.verdict();
    if (!verdict?.ok || !this.endpoint) return undefined;
    const { lines, model } = verdict;
    const { configuration } = this.options;
    return { endpoint: this.endpoint, lines, configuration, ...(model !== undefined && { model }) };
  }

  private add(lines: readonly InputLine[]): void {
    for (const line of lines) {
      this.check ??= this.begin(line);
      if (this.check?.add(line)) continue;
      this.stopped = true;
      return;
    }
  }

  private begin(first: InputLine): FileCheck | undefined {
    this.endpoint = endpointOf(first);
    if (!this.endpoint) return undefined;
    return new FileCheck(this.options.rulesFor(this.endpoint), { ...FILE_LIMITS, maxProblems: 1 });
  }
}

function endpointOf({ bytes }: InputLine): BatchEndpoint | undefined {
  const span = bytes && findField(bytes, 'url');
  if (!span) return undefined;
  try {
    const url: unknown = JSON.parse(Buffer.from(bytes.subarray(span.start, span.end)).toString());
    return isBatchEndpoint(url) ? url : undefined;
  } catch {
    return undefined;
  }
}
