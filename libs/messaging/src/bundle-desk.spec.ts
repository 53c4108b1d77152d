import fc from 'fast-check';
import { BundleDesk, isPart, wholeLease } from './bundle-desk.js';

const delivery = (sequence: number, deliveries = 1) =>
  `$JS.ACK.LANES_BATCH.batch-acme.${deliveries}.${sequence}.${sequence + deliveries}.1764380000000000000.0`;

/** Desks of two processes, joined by their messages. */
function desks() {
  const ended: string[] = [];
  const listeners = new Map<string, (message: string) => void>();
  const desk = (name: string) =>
    new BundleDesk(
      {
        subscribe: (subject, options) => {
          listeners.set(subject, (text) => {
            void options?.callback?.(null, { json: () => JSON.parse(text) as unknown } as never);
          });
          return undefined as never;
        },
      },
      { publish: (subject, data) => listeners.get(subject)?.(data as string) },
      {
        settle: (ackSubject) => ended.push(`${name} settles ${ackSubject}`),
        giveBack: (ackSubject, delayMs) => ended.push(`${name} gives back ${ackSubject} after ${delayMs}`),
      },
    );
  return { ended, here: desk('here'), there: desk('there') };
}

const partsOf = (desk: BundleDesk, ackSubject: string, jobs: number) =>
  desk.take(ackSubject, jobs).map(({ part }) => part);

describe('the lease of a bundle', () => {
  it('is settled once, when the last of its jobs has ended, in whichever order and process', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.nat()),
        fc.infiniteStream(fc.boolean()),
        (jobs, order, elsewhere) => {
          const { ended, here, there } = desks();
          const left = partsOf(here, delivery(7), jobs);
          while (left.length > 0) {
            expect(ended).toEqual([]);
            const [part = ''] = left.splice((order.next().value ?? 0) % left.length, 1);
            (elsewhere.next().value ? there : here).settle(part);
          }
          expect(ended).toEqual([`here settles ${delivery(7)}`]);
        },
      ),
    );
  });

  it('counts a job that ends twice once', () => {
    const { ended, here } = desks();
    const [one = '', other = ''] = partsOf(here, delivery(7), 2);
    here.settle(one);
    here.settle(one);
    expect(ended).toEqual([]);
    here.settle(other);
    here.settle(other);
    expect(ended).toHaveLength(1);
  });

  it('goes back when all that are left go back, after the longest of their delays', () => {
    const { ended, here } = desks();
    const [one = '', two = '', three = ''] = partsOf(here, delivery(7), 3);
    here.giveBack(one, 1_000);
    here.giveBack(two, 0);
    expect(ended).toEqual([]);
    here.settle(three);
    expect(ended).toEqual([`here gives back ${delivery(7)} after 1000`]);
  });

  it('brings those again that have not ended, and settles the delivery that was last', () => {
    const { ended, here } = desks();
    const [one = '', two = ''] = partsOf(here, delivery(7), 3);
    here.settle(one);
    here.giveBack(two, 0);
    const again = here.take(delivery(7, 2), 3);
    expect(again.map(({ index }) => index)).toEqual([1, 2]);
    // One that was handed on under the earlier delivery ends under that.
    here.settle(two);
    here.settle(again[1]?.part ?? '');
    expect(ended).toEqual([`here settles ${delivery(7, 2)}`]);
  });

  it('keeps bundles apart, and ends none that is not known', () => {
    const { ended, here, there } = desks();
    const [mine = ''] = partsOf(here, delivery(7), 1);
    const [other = ''] = partsOf(here, delivery(8), 2);
    const [gone = ''] = partsOf(there, delivery(9), 1);
    here.settle(mine);
    here.settle(other);
    there.settle(gone);
    there.settle(gone);
    expect(ended).toEqual([`here settles ${delivery(7)}`, `there settles ${delivery(9)}`]);
  });

  it('is told from a part of it', () => {
    const [part = ''] = partsOf(desks().here, delivery(7), 1);
    expect([isPart(part), isPart(delivery(7))]).toEqual([true, false]);
    expect([wholeLease(part), wholeLease(delivery(7))]).toEqual([delivery(7), delivery(7)]);
  });
});
