export { estimateTokens } from './estimate-tokens.js';
export { readRequest } from './read-request.js';
export { renderError, renderStreamError } from './render-error.js';
export type { RenderedError } from './rendered-error.js';
