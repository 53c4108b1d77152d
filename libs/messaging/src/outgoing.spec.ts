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

describe('what somebody waits for', () => {
  /** Publishes so many messages in one turn. Returns how many turns of the event loop they waited. */
  function turnsOf(outgoing: Outgoing, count: number, turns: (() => void)[]): number {
    for (let i = 0; i < count; i++) outgoing.publish('a job', '');
    let waited = 0;
    for (let turn = turns.shift(); turn; turn = turns.shift()) {
      waited++;
      turn();
    }
    return waited;
  }

  it('gathers for three turns where others are under way, and goes at the end of its own where none is', () => {
    let written = 0;
    const nc = { isClosed: () => false, publish: () => void written++ } as unknown as NatsConnection;
    const turns: (() => void)[] = [];
    const clock = { after: () => () => undefined };
    const outgoing = new Outgoing(nc, new LocalRoutes(), clock, (task) => void turns.push(task));
    expect(turnsOf(outgoing, 1, turns)).toBe(1);
    expect(turnsOf(outgoing, 5, turns)).toBe(1);
    expect(turnsOf(outgoing, 5, turns)).toBe(3);
    expect(turnsOf(outgoing, 1, turns)).toBe(3);
    expect(turnsOf(outgoing, 1, turns)).toBe(1);
    expect(written).toBe(13);
  });
});
