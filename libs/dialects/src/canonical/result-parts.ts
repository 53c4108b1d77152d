import type { CanonicalResult, CanonicalStreamPart } from '@penstock/contracts';

/**
 * A whole answer as the parts that would have been streamed of it. A dialect whose answers are easiest to put
 * together part by part writes both kinds in one way, and so alike.
 */
export function* resultParts(result: CanonicalResult): Generator<CanonicalStreamPart> {
  for (const [index, part] of result.content.entries()) {
    const id = String(index);
    switch (part.type) {
      case 'text':
      case 'reasoning': {
        const metadata = part.providerMetadata && { providerMetadata: part.providerMetadata };
        yield { type: `${part.type}-start`, id };
        yield { type: `${part.type}-delta`, id, delta: part.text };
        yield { type: `${part.type}-end`, id, ...metadata };
        break;
      }
      default:
        yield part;
    }
  }
  const { finishReason, usage, logprobs } = result;
  yield { type: 'finish', finishReason, ...(usage && { usage }), ...(logprobs && { logprobs }) };
}
