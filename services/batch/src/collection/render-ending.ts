import { UNANSWERED, type Answered, type Ending } from './ending.js';

/** Which line of which batch an output line answers. */
export interface LineName {
  readonly batch: string;
  /** Counted from 1. */
  readonly line: number;
  readonly customId: string;
}

const CLOSING = Buffer.from('},"error":null}\n');
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/**
 * One line of an output or error file, line feed included, in OpenAI's format. The answer's bytes are passed on
 * as they came.
 */
export function renderEnding({ batch, line, customId }: LineName, ending: Ending): Uint8Array {
  const id = `batch_req_${batch.slice(batch.indexOf('_') + 1)}_${line}`;
  const head = `{"id":"${id}","custom_id":${JSON.stringify(customId)},"response":`;
  if (ending.kind === 'unanswered') {
    const error = { code: ending.code, message: UNANSWERED[ending.code] };
    return Buffer.from(`${head}null,"error":${JSON.stringify(error)}}\n`);
  }
  const response = `{"status_code":${ending.status},"request_id":"${batch}.${line}","body":`;
  return Buffer.concat([Buffer.from(head + response), bodyOnOneLine(ending), CLOSING]);
}

/** Line breaks between the tokens of JSON mean nothing, but would cut the output line in two. */
function bodyOnOneLine({ contentType, body }: Answered): Uint8Array {
  if (body.length === 0) return Buffer.from('null');
  if (!/^application\/([a-z.-]+\+)?json\b/.test(contentType)) {
    return Buffer.from(JSON.stringify(Buffer.from(body).toString()));
  }
  if (!body.includes(LINE_FEED) && !body.includes(CARRIAGE_RETURN)) return body;
  return body.map((byte) => (byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte));
}
