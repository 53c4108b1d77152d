/**
 * Takes secrets out of a line before it is written: a last net below the rule that nobody logs one. It works on
 * the finished text, so it also finds what came in through an error message or a nested object.
 *
 * - the value of every `authorization`, `api-key`, `password` and the like, as a JSON field or a header line;
 * - whatever follows `Bearer` or `Basic`;
 * - keys by their form: `sk-…`, `pk_…` and others with a known prefix, AWS and Google keys, JSON web tokens;
 * - user and password in a URL, and the usual parameters for keys in its query;
 * - every value in `secrets`, whatever its form. Values under 6 characters are left alone: they would take
 *   ordinary words with them.
 */
export type Redact = (line: string) => string;

export const REDACTED = '[redacted]';

const FIELD =
  'authorization|proxy-authorization|x-api-key|api[-_]?key|x-goog-api-key|cookie|set-cookie|password|passwd|secret|access[-_]?token|refresh[-_]?token|client[-_]?secret|private[-_]?key';

/**
 * `"field":"value"`, also inside a string that is JSON itself, and so on. A quote that ends such a string has n
 * backslashes before it (group 2: 0, 1, 3, …); within it an escaped backslash is 2n+2 of them, an escaped quote
 * 2n+1 and the quote, any other escape n+1 and its letter.
 */
const FIELD_OF_JSON = new RegExp(
  String.raw`((\\*)"(?:${FIELD})\2"\s*:\s*\2")(?:[^"\\]|\2\2\\\\|\2\2\\"|\2\\[^"\\])*`,
  'gi',
);

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [FIELD_OF_JSON, `$1${REDACTED}`],
  [/\b(bearer\s+)[\w.~+/=-]{6,}/gi, `$1${REDACTED}`],
  // A word after "basic" is no credential; base64 has capitals or digits.
  [/\b([Bb]asic\s+)(?=[a-z+/]*[A-Z0-9=])[\w+/=-]{6,}/g, `$1${REDACTED}`],
  [/\b(?:sk|pk|rk|gsk|xai|hf|ghp|glpat)[-_][\w-]{8,}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, REDACTED],
  [/\bAIza[\w-]{20,}/g, REDACTED],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, REDACTED],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]+@/gi, `$1${REDACTED}@`],
  [/([?&](?:key|api[-_]?key|token|access_token|sig|signature)=)[^&\s"\\]+/gi, `$1${REDACTED}`],
  [
    new RegExp(`\\b((?:${FIELD})\\s*[:=]\\s*)(?!\\[redacted)(?!(?:bearer|basic)\\b)[^\\s,;"\\\\]+`, 'gi'),
    `$1${REDACTED}`,
  ],
];

/** @param secrets The values this process knows to be secret: its configured keys. */
export function redactor(secrets: Iterable<string> = []): Redact {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= 6)
    // A longer one first, lest a shorter one inside it leave its rest behind.
    .sort((a, b) => b.length - a.length)
    // As it looks inside a JSON string.
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    let text = line;
    for (const secret of known) text = text.replaceAll(secret, REDACTED);
    for (const [pattern, replacement] of RULES) text = text.replace(pattern, replacement);
    return text;
  };
}
