/** What came of a streamed chat completion. */
export interface StreamedText {
  readonly text: string;
  readonly chunks: number;
  /** When the first piece of text was there. */
  readonly firstAtMs: number;
  /** Whether it ended as the API says that a whole answer ends. */
  readonly whole: boolean;
}

/** Reads the server-sent events of a streamed chat completion. */
export async function readStream(response: Response, nowMs: () => number): Promise<StreamedText> {
  let text = '';
  let chunks = 0;
  let firstAtMs = NaN;
  let whole = false;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    rest += decoder.decode(bytes as Uint8Array, { stream: true });
    const events = rest.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.replace(/^data: /, '');
      if (data === '[DONE]') {
        whole = true;
        continue;
      }
      const piece = contentOf(data);
      if (piece === '') continue;
      if (chunks++ === 0) firstAtMs = nowMs();
      text += piece;
    }
  }
  return { text, chunks, firstAtMs, whole };
}

function contentOf(data: string): string {
  const chunk = JSON.parse(data) as {
    readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
  };
  return chunk.choices?.[0]?.delta.content ?? '';
}
