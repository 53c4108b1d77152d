import type { NatsConnection } from 'nats';
import { LocalRoutes } from './local-routes.js';
import { Outgoing } from './outgoing.js';

describe('what nobody is in a hurry for', () => {
  it('is written in the order in which everything was published, even when its time comes first', () => {
    const written: string[] = [];
    const nc = {
      isClosed: () => false,
      publish: (subject: string) => void written.push(subject),
    } as unknown as NatsConnection;
    let comeTime: () => void = () => undefined;
    const clock = { after: (_: number, task: () => void) => ((comeTime = task), () => undefined) };
    const outgoing = new Outgoing(nc, new LocalRoutes(), clock, () => undefined);
    outgoing.publishUnhurried('end of a lease', '');
    outgoing.publish('last frame', '');
    outgoing.publishUnhurried('end of its lease', '');
    comeTime();
    expect(written).toEqual(['end of a lease', 'last frame', 'end of its lease']);
  });
});
