import type { ServerResponse } from 'node:http';

import type { Dialect } from '../dialects/dialect.js';
import { errorOfStatus } from '../dialects/provider-error.js';
import type { WholeFault } from '../faults/fault.js';
import type { OpenCall } from './open-call.js';
import { sendError } from './send-error.js';

const HTML =
  '<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>\n';

/** Lets a fault strike that leaves nothing of the answer. */
export function sendFault(
  call: OpenCall,
  fault: WholeFault,
  dialect: Dialect,
  response: ServerResponse,
  headers: readonly string[],
): void {
  switch (fault.kind) {
    case 'status':
      call.fail(fault.status, false);
      return sendError(response, dialect, errorOfStatus(fault.status, fault.retryAfterMs), headers);
    case 'wrong_content_type':
      call.fail(200, false);
      response.writeHead(200, ['content-type', 'text/html; charset=utf-8', ...headers]);
      response.end(HTML);
      return;
    case 'reset':
      call.fail(0, false);
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      response.once('close', () => call.fail(0, true));
      return;
  }
}
