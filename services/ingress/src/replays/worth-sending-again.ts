import { ERRORS, isErrorCode } from '@penstock/contracts';

/** Whether an error is not the request's own. It tells the caller to send the request again. */
export function isWorthSendingAgain(code: string | undefined): boolean {
  const status = isErrorCode(code) ? ERRORS[code].status : 500;
  return status === 429 || status >= 500;
}
