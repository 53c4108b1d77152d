/** A line of a batch's files, as far as it is needed. */
interface OutputLine {
  readonly custom_id: string;
  readonly response: { readonly body: unknown } | null;
  readonly error: { readonly code: string } | null;
}

const LINE_FEED = 0x0a;

/** Endings without an answer, by their code in an error file. */
const UNDONE: Readonly<Record<string, 'canceled' | 'expired'>> = {
  batch_cancelled: 'canceled',
  batch_expired: 'expired',
};

/** The lines of a batch's output file as Anthropic's results. */
export async function* succeededResults(file: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  for await (const { custom_id, response } of readLines(file)) {
    yield toLine(custom_id, { type: 'succeeded', message: response?.body });
  }
}

/** The lines of its error file. */
export async function* otherResults(file: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  for await (const { custom_id, response, error } of readLines(file)) {
    const undone = UNDONE[error?.code ?? ''];
    yield toLine(custom_id, undone ? { type: undone } : { type: 'errored', error: response?.body });
  }
}

/** Results of a batch that failed before any of it ran, out of its input file: the same error for each request. */
export async function* failedResults(
  file: AsyncIterable<Uint8Array>,
  message: string,
): AsyncGenerator<string, void, void> {
  const error = { type: 'error', error: { type: 'invalid_request_error', message } };
  for await (const { custom_id } of readLines(file)) yield toLine(custom_id, { type: 'errored', error });
}

/** How many requests of an error file were never answered. */
export async function countUndone(file: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const { error } of readLines(file)) if (error && UNDONE[error.code]) count++;
  return count;
}

function toLine(customId: string, result: object): string {
  return `${JSON.stringify({ custom_id: customId, result })}\n`;
}

async function* readLines(file: AsyncIterable<Uint8Array>): AsyncGenerator<OutputLine, void, void> {
  let carried = Buffer.alloc(0);
  for await (const chunk of file) {
    const bytes = carried.length === 0 ? Buffer.from(chunk) : Buffer.concat([carried, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      yield JSON.parse(bytes.toString('utf8', start, end)) as OutputLine;
      start = end + 1;
    }
    carried = bytes.subarray(start);
  }
}
