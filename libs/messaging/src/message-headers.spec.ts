import fc from 'fast-check';
import { HEADER } from '@penstock/contracts';
import { headers, type MsgHdrsImpl } from 'nats';
import { MessageHeaders } from './message-headers.js';

describe('headers on their way out', () => {
  it("are the client's own, byte for byte, and refuse what these refuse", () => {
    const name = fc.constantFrom(...Object.values(HEADER));
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a\r\nb', ' around ', '', 'é\n'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        const ours = new MessageHeaders();
        const theirs = headers() as MsgHdrsImpl;
        for (const [key, text] of pairs) {
          let refused = false;
          try {
            theirs.set(key, text);
          } catch {
            refused = true;
          }
          if (refused) expect(() => ours.set(key, text)).toThrow('values cannot contain');
          else ours.set(key, text);
        }
        // A header that is set anew comes last there and keeps its place here: nobody reads them in order.
        const lines = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').split('\r\n').sort();
        expect(lines(ours.encode())).toEqual(lines(theirs.encode()));
        for (const key of Object.values(HEADER)) expect(ours.get(key)).toBe(theirs.get(key));
      }),
    );
  });
});
