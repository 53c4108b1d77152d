import type { JobEvent } from '@penstock/contracts';
import { explainEvent, type Explanation } from './explanation.js';

/** Clients take so many bytes of headers and no more; what does not fit is the oldest attempts. */
const MAX_CHARACTERS = 6_000;

/** The explanation that goes with an answer: on one line, in ASCII, fit for a header or a comment of a stream. */
export function writeExplanation(id: string, event: JobEvent): string {
  const whole = explainEvent(id, event);
  for (let from = 0; ; from++) {
    const text = inAscii({ ...whole, attempts: whole.attempts.slice(from) });
    if (text.length <= MAX_CHARACTERS || from >= whole.attempts.length) return text;
  }
}

function inAscii(explanation: Explanation): string {
  return JSON.stringify(explanation).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
