export { findField } from './find-field.js';
export { FILE_LIMITS, FileCheck, fileProblem, type FileLimits, type FileVerdict } from './file-check.js';
export { lineRules, type LineRuleSources } from './line-rules.js';
export { readLine, type BatchLine, type LineRules } from './read-line.js';
export { splitLines } from './split-lines.js';
export { UploadCheck } from './upload-check.js';
