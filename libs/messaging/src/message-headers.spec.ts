import { HEADER } from '@penstock/contracts';
import * as fc from 'fast-check';
import { headers as clientHeaders, MsgHdrsImpl, MsgImpl, type Msg, type MsgHdrs } from 'nats';
import { MessageHeaders, receivedHeaders } from './message-headers.js';

const NAMES = Object.values(HEADER);
const value = fc.string({ unit: 'binary', maxLength: 60 }).filter((text) => !/[\r\n]/.test(text));
const said = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 12 });

function written<Headers extends MsgHdrs>(headers: Headers, pairs: readonly (readonly [string, string])[]) {
  for (const [name, text] of pairs) headers.set(name, text);
  return headers;
}

/** The message that a server would send with these headers. */
function messageWith(head: Uint8Array): Msg {
  const data = Buffer.concat([head, Buffer.from('body')]);
  const [subject, reply] = [Buffer.from('results.acme.job'), Buffer.from('inbox')];
  const argument = { subject, reply, sid: 1, hdr: head.length, size: data.length };
  return new MsgImpl(argument, data, { publish: () => undefined }) as Msg;
}

describe('headers of a message', () => {
  it('are written as the client writes them', () => {
    fc.assert(
      fc.property(said, (pairs) => {
        const client = written(clientHeaders(), pairs) as MsgHdrsImpl;
        const ours = written(new MessageHeaders(), pairs);
        expect(Buffer.from(ours.encode())).toEqual(Buffer.from(client.encode()));
        for (const name of NAMES) expect(ours.get(name)).toBe(client.get(name));
      }),
    );
  });

  it('are read as the client reads them', () => {
    fc.assert(
      fc.property(said, (pairs) => {
        const head = (written(clientHeaders(), pairs) as MsgHdrsImpl).encode();
        const message = messageWith(head.length > 0 ? head : Buffer.from('NATS/1.0\r\n\r\n'));
        const received = receivedHeaders(message);
        expect(received).not.toBeInstanceOf(MsgHdrsImpl);
        for (const name of NAMES) expect(received?.get(name)).toBe(message.headers?.get(name));
      }),
    );
  });

  it('are left to the client where they open with a status', () => {
    const message = messageWith(Buffer.from('NATS/1.0 404 No Messages\r\n\r\n'));
    expect(receivedHeaders(message)).toBe(message.headers);
  });

  it('are read to their end where that is not marked', () => {
    const message = messageWith(Buffer.from('NATS/1.0\r\nPenstock-Api: openai.chat'));
    expect(receivedHeaders(message)?.get(HEADER.api)).toBe('openai.chat');
  });

  it('cannot hold a line break', () => {
    expect(() => new MessageHeaders().set(HEADER.job, 'a\r\nb: c')).toThrow('\\r or \\n');
  });
});
