import type { CanonicalSource } from '@penstock/contracts';
import { emptyText, urlCitation, type MessageOutput, type OutputLogprob } from './output-item.js';
import type { ResponseEvent } from './response-assembly.js';

/** One message of a response's output, with its one text, put together part by part. */
export class MessageAssembly {
  readonly item: MessageOutput;
  private readonly text = emptyText();
  private readonly place;

  constructor(
    id: string,
    private readonly outputIndex: number,
  ) {
    this.item = { type: 'message', id, role: 'assistant', status: 'in_progress', content: [] };
    this.place = { item_id: id, output_index: outputIndex, content_index: 0 };
  }

  *open(): Generator<ResponseEvent> {
    const item = { ...this.item, content: [] };
    yield { type: 'response.output_item.added', output_index: this.outputIndex, item };
    this.item.content.push(this.text);
    yield { type: 'response.content_part.added', ...this.place, part: emptyText() };
  }

  write(delta: string): ResponseEvent {
    this.text.text += delta;
    return { type: 'response.output_text.delta', ...this.place, delta, logprobs: [] };
  }

  cite(source: CanonicalSource): ResponseEvent {
    const annotation = urlCitation(source);
    const annotation_index = this.text.annotations.push(annotation) - 1;
    return { type: 'response.output_text.annotation.added', ...this.place, annotation_index, annotation };
  }

  setLogprobs(logprobs: OutputLogprob[]): void {
    this.text.logprobs = logprobs;
  }

  *close(): Generator<ResponseEvent> {
    const { text, logprobs } = this.text;
    yield { type: 'response.output_text.done', ...this.place, text, logprobs };
    yield { type: 'response.content_part.done', ...this.place, part: this.text };
    this.item.status = 'completed';
    yield { type: 'response.output_item.done', output_index: this.outputIndex, item: this.item };
  }
}
