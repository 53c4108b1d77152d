import type { Api } from '@penstock/contracts';
import { prependSystem } from '../conversation/prepend-system.js';
import { trimMessages, type CountTokens } from '../conversation/trim-messages.js';
import { compileExpression, type Evaluated } from '../rules/evaluate-expression.js';
import {
  clampFields,
  defaultFields,
  dropFields,
  renameField,
  setFields,
  type Edit,
} from '../rules/field-rules.js';
import { withProtected } from '../rules/protected-fields.js';
import type { JsonObject, Rule } from '../rules/rule.js';

/** A rule and where it stands, to be named by: `models.small.transforms[0]`. */
export interface PlacedRule {
  readonly place: string;
  readonly rule: Rule;
}

/**
 * What came of applying rules.
 * - `failed`: a rule could not be applied; the sentence names it, and repeats nothing of the document.
 * - `too_long`: the conversation cannot be made short enough.
 */
export type Transformed =
  | { readonly kind: 'done'; readonly document: JsonObject }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'too_long'; readonly message: string };

/** What a conversation is trimmed by. Absent: it is not. */
export interface TrimTerms {
  readonly countTokens: CountTokens;
  /** What the request may have beside the answer; undefined where nobody knows, and nothing is trimmed. */
  readonly contextTokens: number | undefined;
}

type Step = (document: JsonObject) => Evaluated | Promise<Evaluated>;

/**
 * Rules in their order, compiled once and applied to many documents. Those that trim come last, whatever their place:
 * nothing may make the request longer afterwards.
 */
export class RuleSet {
  private readonly steps: readonly { readonly place: string; readonly step: Step }[];
  private readonly trims: readonly NonNullable<Rule['trimMessages']>[];

  constructor(
    private readonly api: Api,
    rules: readonly PlacedRule[],
    /** Whether the document is a request, some of whose fields no rule changes. */
    isRequest: boolean,
  ) {
    this.steps = rules.flatMap(({ place, rule }) => {
      const step = stepOf(api, rule, isRequest);
      return step ? [{ place, step }] : [];
    });
    this.trims = rules.flatMap(({ rule }) => rule.trimMessages ?? []);
  }

  /** The document is not changed: what comes of it is another one. */
  async apply(document: JsonObject, trim?: TrimTerms): Promise<Transformed> {
    let current = document;
    for (const { place, step } of this.steps) {
      const done = step(current);
      const evaluated = done instanceof Promise ? await done : done;
      if (!evaluated.ok) return { kind: 'failed', message: `The rule ${place} failed: ${evaluated.why}.` };
      current = evaluated.document;
    }
    for (const { to } of trim ? this.trims : []) {
      const limit = to === 'context' ? trim?.contextTokens : to;
      if (!trim || limit === undefined) continue;
      const trimmed = trimMessages(this.api, current, limit, trim.countTokens);
      if (trimmed.kind === 'too_long') {
        const message = `The request has about ${trimmed.tokens} tokens that cannot be left out, and there is room for ${Math.max(0, limit)}.`;
        return { kind: 'too_long', message };
      }
      current = trimmed.document;
    }
    return { kind: 'done', document: current };
  }
}

function stepOf(api: Api, rule: Rule, isRequest: boolean): Step | undefined {
  const { prependSystem: text, jsonata } = rule;
  if (jsonata !== undefined) {
    const evaluate = compileExpression(jsonata);
    return async (document) => {
      const evaluated = await evaluate(document);
      if (!evaluated.ok || !isRequest) return evaluated;
      return { ok: true, document: withProtected(evaluated.document, document) };
    };
  }
  if (text !== undefined) return always((document) => prependSystem(api, document, text));
  const edit = editOf(rule);
  return edit && always(edit);
}

function editOf(rule: Rule): Edit | undefined {
  if (rule.rename) return renameField(rule.rename);
  if (rule.default) return defaultFields(rule.default);
  if (rule.set) return setFields(rule.set);
  if (rule.drop) return dropFields(rule.drop);
  return rule.clamp && clampFields(rule.clamp);
}

function always(edit: Edit): Step {
  return (document) => ({ ok: true, document: edit(document) });
}
