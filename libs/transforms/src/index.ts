export { NO_RULES, RuleBook, type RulePlan, type RuledCall, type RuleSources } from './book/rule-book.js';
export type { RuleSet, Transformed, TrimTerms } from './book/rule-set.js';
export { admitPreset, type AdmittedRequest, type ReadBody } from './presets/admit-preset.js';
export type { Preset, Presets, PresetVersion } from './presets/preset.js';
export { EXPRESSION_BOUNDS } from './rules/evaluate-expression.js';
export { PROTECTED_FIELDS } from './rules/protected-fields.js';
export { trims, type JsonObject, type Rule, type RuleTarget } from './rules/rule.js';
