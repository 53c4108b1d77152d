import { randomBytes, timingSafeEqual } from 'node:crypto';
import { SUBJECT, type Lane } from '@penstock/contracts';
import { HmacSha256 } from './hmac-sha256.js';

/** 128 bits of an HMAC-SHA256, in base64url. */
const SEAL_CHARS = 22;

const SECRET_BYTES = 32;

/** A new secret for an installation, as it is stored. */
export function newSealSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/**
 * Puts an installation's seal on what it writes about a job, and tells it from what a publisher writes there. The seal
 * holds for one lane, which is the tenant and the class, and for one text, the job's id in it. Some microseconds each.
 */
export class JobSeal {
  private readonly hmac: HmacSha256;

  constructor(secret: string) {
    this.hmac = new HmacSha256(Buffer.from(secret, 'base64url'));
  }

  /** The text with its seal before it. */
  close(lane: Lane, text: string): string {
    return `${this.sign(lane, text)} ${text}`;
  }

  /** The text, if its seal is ours and was made for this lane. */
  open(lane: Lane, sealed: string): string | undefined {
    if (sealed.charAt(SEAL_CHARS) !== ' ') return undefined;
    const text = sealed.slice(SEAL_CHARS + 1);
    const [said, right] = [Buffer.from(sealed.slice(0, SEAL_CHARS)), Buffer.from(this.sign(lane, text))];
    return said.length === right.length && timingSafeEqual(said, right) ? text : undefined;
  }

  private sign(lane: Lane, text: string): string {
    // No subject has a line break: where the lane ends and the text begins cannot be moved.
    return this.hmac.of(`${SUBJECT.lane(lane)}\n${text}`).slice(0, SEAL_CHARS);
  }
}

/** The text of a header, whoever wrote it, without the seal that may stand before it. */
export function withoutSeal(written: string): string {
  return written.charAt(SEAL_CHARS) === ' ' ? written.slice(SEAL_CHARS + 1) : written;
}
