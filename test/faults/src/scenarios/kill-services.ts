import type { Moment } from '../proxy/tripwire.js';
import type { ServiceName } from '../system/service.js';
import { pause } from './pause.js';
import type { Scenario, Stage } from './scenario.js';

/** A named point of a service's work, by what it says or hears there. */
export interface Point {
  readonly name: string;
  readonly moment: Moment;
}

const says = (name: string, words: string): Point[] => [
  { name: `before ${name}`, moment: { way: 'toServer', words, passed: false } },
  { name: `after ${name}`, moment: { way: 'toServer', words, passed: true } },
];

const hears = (name: string, words: string): Point => ({
  name: `when it hears ${name}`,
  moment: { way: 'toClient', words, passed: true },
});

/**
 * Where each service is killed: between every two steps of its work that leave something behind outside of it. Lines
 * of the protocol stand for the steps, so that no hook is needed in what is tested.
 */
export const POINTS: Readonly<Record<Exclude<ServiceName, 'batch'>, readonly Point[]>> = {
  ingress: [...says('a job is published', 'HPUB jobs.'), hears('a chunk', 'HMSG reply.')],
  router: [
    hears('a job off its lane', 'HMSG jobs.'),
    ...says('a dispatch', 'HPUB work.'),
    hears('a job that is handed back', 'HMSG returned.'),
    ...says('a credit is asked for', 'PUB capacity.router'),
  ],
  worker: [
    hears('a dispatch', 'HMSG work.'),
    ...says('the result', 'HPUB results.'),
    ...says('the event', 'HPUB events.'),
    ...says('the frame', 'HPUB reply.'),
    ...says('the end of the lease', 'PUB $JS.API.STREAM.MSG.DELETE.'),
  ],
  accounting: [
    hears('events', 'HMSG events.'),
    {
      name: 'after the commit, before the ack',
      moment: { way: 'toServer', words: 'PUB $JS.ACK.EVENTS', passed: false },
    },
    { name: 'after the ack', moment: { way: 'toServer', words: 'PUB $JS.ACK.EVENTS', passed: true } },
  ],
};

export const KILL_SERVICES: readonly Scenario[] = Object.entries(POINTS).map(([service, points]) => ({
  name: `kill-${service}`,
  fault: `SIGKILL of ${service} ${points.map(({ name }) => name).join('; ')}`,
  shows:
    'each point is struck, in the short form every second one in each run; the service is started again at once',
  kind: 'single' as const,
  core: service === 'worker' || service === 'router',
  run: (stage: Stage) =>
    killAtEach(
      stage,
      service as ServiceName,
      // Starting a service again is most of the time: two runs go through all points together.
      points.filter((_, at) => stage.long || at % 2 === stage.round % 2),
    ),
}));

async function killAtEach(stage: Stage, name: ServiceName, points: readonly Point[]): Promise<void> {
  const { system, load, random, check, note } = stage;
  const service = system.services[name];
  load.start({ models: ['steady', 'faulty'] });
  await stage.simulate('sim-flaky', { faults: [{ rate: 0.3, fault: '500' }] });
  let struck = 0;
  for (const point of points) {
    // Work goes on between two kills: the moment is waited for until it has come a few times.
    await pause(300);
    const nth = 1 + Math.floor(random() * 8);
    const hit = await service.killAt(point.moment, nth, 10_000);
    check(`struck ${point.name}`, hit);
    if (!hit) continue;
    struck++;
    service.start();
    await service.ready();
  }
  note('kills', struck);
}
