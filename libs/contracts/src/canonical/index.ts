export * from './call.js';
export * from './json.js';
export * from './message.js';
export * from './result.js';
export * from './stream-part.js';
export * from './tool.js';
