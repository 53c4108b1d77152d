import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { HmacSha256 } from './hmac-sha256.js';

describe('HMAC-SHA256 of texts', () => {
  const key = fc.uint8Array({ maxLength: 100 });
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'binary', minLength: 1_300, maxLength: 1_500, size: 'max' }),
  );

  it('is what Node makes, for any key and whatever was signed before', () => {
    fc.assert(
      fc.property(key, fc.array(text, { maxLength: 5 }), (secret, texts) => {
        const hmac = new HmacSha256(secret);
        for (const one of texts) {
          expect(hmac.of(one)).toBe(createHmac('sha256', secret).update(one).digest('base64url'));
        }
      }),
    );
  });

  it('is what RFC 4231 says', () => {
    const digest = new HmacSha256(Buffer.from('Jefe')).of('what do ya want for nothing?');
    expect(Buffer.from(digest, 'base64url').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
