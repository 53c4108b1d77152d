import type { Job } from '@penstock/contracts';
import { ManualClock } from '@penstock/resilience';
import { EarlyJobs } from './early-jobs.js';

const job = { tenant: 'acme', id: 'job_1' } as Job;
const body = new Uint8Array();
const never = () => new Promise<never>(() => undefined);

describe('a job that runs before it is stored', () => {
  let clock: ManualClock;
  let early: EarlyJobs;
  let lease: string;
  let used: string[];
  const verb = (name: string) => (ackSubject: string) => void used.push(`${name} ${ackSubject}`);
  beforeEach(() => {
    clock = new ManualClock();
    [early, lease, used] = [new EarlyJobs(clock), '', []];
    early.serve('router_1', (_, __, given) => {
      lease = given;
      return true;
    });
  });

  it('is held by the router that took it', () => {
    expect(early.offer(job, body)).toBe('router_1');
  });

  it('is offered to nobody once its router is gone, and to the one that came in its place', () => {
    const stop = early.serve('router_2', () => true);
    expect(early.offer(job, body)).toBe('router_2');
    stop();
    expect(early.offer(job, body)).toBeUndefined();
  });

  it('is not stored if it ends soon', async () => {
    early.offer(job, body);
    const stored = early.store(job, false, never);
    clock.advance(99);
    early.settle(lease, verb('settle'));
    expect(await stored).toBeUndefined();
    clock.advance(1_000);
    expect(early.arrived('acme', 'job_1', 'ack.1')).toBe(false);
    expect(used).toEqual([]);
  });

  it('is not stored if it has ended before anybody thought of it', async () => {
    early.offer(job, body);
    early.settle(lease, verb('settle'));
    expect(await early.store(job, false, never)).toBeUndefined();
  });

  it('is stored if it does not end soon, or at once where that is asked for, and then settled like any other', async () => {
    for (const atOnce of [false, true]) {
      early.offer(job, body);
      const stored = early.store(job, atOnce, () => Promise.resolve('stored'));
      if (!atOnce) clock.advance(100);
      expect(await stored).toBe('stored');
      early.settle(lease, verb('settle'));
      early.arrived('acme', 'job_1', 'ack.1');
      expect(used.splice(0)).toEqual(['settle ack.1']);
    }
  });

  it('is stored when it goes to another process, or back into its lane', async () => {
    for (const goes of [() => void early.whenHere(lease, never), () => early.end(lease, verb('give back'))]) {
      early.offer(job, body);
      const stored = early.store(job, false, () => Promise.resolve('stored'));
      goes();
      expect(await stored).toBe('stored');
      early.arrived('acme', 'job_1', 'ack.1');
    }
    expect(used).toEqual(['give back ack.1']);
  });

  it('has a lease that is used and ended when it is there', () => {
    early.offer(job, body);
    early.use(lease, verb('extend'));
    expect(used).toEqual([]);
    expect(early.arrived('acme', 'job_1', 'ack.1')).toBe(true);
    early.use(lease, verb('extend'));
    early.end(lease, verb('settle'));
    early.end(lease, verb('settle'));
    expect(used).toEqual(['extend ack.1', 'settle ack.1']);
  });

  it('has one that is ended when it comes, if the job ended before', () => {
    early.offer(job, body);
    void early.store(job, true, never);
    early.settle(lease, verb('settle'));
    expect(used).toEqual([]);
    expect(early.arrived('acme', 'job_1', 'ack.1')).toBe(true);
    expect(used).toEqual(['settle ack.1']);
    expect(early.arrived('acme', 'job_1', 'ack.2')).toBe(false);
  });

  it('takes one lease: a second delivery is for its router to look into', () => {
    early.offer(job, body);
    expect(early.arrived('acme', 'job_1', 'ack.1')).toBe(true);
    expect(early.arrived('acme', 'job_1', 'ack.2')).toBe(false);
    early.end(lease, verb('settle'));
    expect(used).toEqual(['settle ack.1']);
  });

  it('takes no lease of another tenant, nor of a job that nobody took', () => {
    early.offer(job, body);
    expect(early.arrived('globex', 'job_1', 'ack.1')).toBe(false);
    early.serve('router_2', () => false);
    expect(early.offer({ ...job, id: 'job_2' }, body)).toBeUndefined();
    expect(early.arrived('acme', 'job_2', 'ack.2')).toBe(false);
  });

  it('is handed out of the process with its lease, and with none that does not come', async () => {
    early.offer(job, body);
    const here = early.whenHere(lease, never);
    early.arrived('acme', 'job_1', 'ack.1');
    expect(await here).toBe('ack.1');
    expect(await early.whenHere(lease, never)).toBe('ack.1');
    early.offer({ ...job, id: 'job_2' }, body);
    expect(await early.whenHere(lease, () => Promise.resolve())).toBeUndefined();
  });

  it('leaves every other lease as it is', async () => {
    early.use('$JS.ACK.a', verb('extend'));
    early.end('$JS.ACK.a', verb('settle'));
    expect(used).toEqual(['extend $JS.ACK.a', 'settle $JS.ACK.a']);
    expect(await early.whenHere('$JS.ACK.a', never)).toBe('$JS.ACK.a');
  });
});
