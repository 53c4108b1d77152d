export { readCountTokensRequest } from './anthropic-messages/read-request.js';
export { readCountedRequest } from './gemini/read-request.js';
export type { RequestAddress } from './dialect.js';
export { estimateTokens } from './estimate-tokens.js';
export { readRequest } from './read-request.js';
export { renderError, renderStreamError } from './render-error.js';
export type { RenderedError } from './rendered-error.js';
export { translateRequest } from './translate-request.js';
export type { AnswerIdentity, StreamRenderer, Translation } from './translation.js';
