import type Anthropic from '@anthropic-ai/sdk';

/** What the wire may carry in Anthropic's dialect, in the words of Anthropic's own package. */
export interface Published {
  message: Anthropic.Message;
  messageEvent: Anthropic.RawMessageStreamEvent;
  tokens: Anthropic.MessageTokensCount;
  model: Anthropic.ModelInfo;
  error: Anthropic.ErrorResponse;
}
