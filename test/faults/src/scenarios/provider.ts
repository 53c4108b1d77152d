import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

interface ProviderFault {
  readonly name: string;
  readonly fault: string;
  readonly order: string;
  readonly rate?: number;
  readonly core?: boolean;
}

const FAULTS: readonly ProviderFault[] = [
  {
    name: '429',
    fault: 'answers 429 with Retry-After to 40 % of the calls',
    order: '429; retry-after-ms=300',
    rate: 0.4,
  },
  { name: '500', fault: 'answers 500 to 60 % of the calls', order: '500', rate: 0.6, core: true },
  { name: 'hang', fault: 'never answers 15 % of the calls', order: 'hang', rate: 0.15 },
  { name: 'reset', fault: 'resets 40 % of the connections', order: 'reset', rate: 0.4 },
  {
    name: 'cut',
    fault: 'cuts 40 % of the answers in the middle of an event',
    order: 'cut; after=2; mid',
    rate: 0.4,
    core: true,
  },
  {
    name: 'truncated',
    fault: 'ends 40 % of the streams without their end',
    order: 'truncate; after=2',
    rate: 0.4,
  },
  {
    name: 'garbage',
    fault: 'spoils the JSON of 40 % of the answers',
    order: 'malformed; after=1',
    rate: 0.4,
  },
  {
    name: 'html',
    fault: 'answers 40 % of the calls with 200 and a page of HTML',
    order: 'wrong-content-type',
    rate: 0.4,
  },
  { name: 'stall', fault: 'stops in the middle of 15 % of the answers', order: 'stall; after=2', rate: 0.15 },
  { name: 'no-usage', fault: 'leaves the usage out of every answer', order: 'missing_usage', rate: 1 },
];

/** A provider that behaves badly, beside one that does not. */
export const PROVIDER: readonly Scenario[] = FAULTS.map(({ name, fault, order, rate, core }) => ({
  name: `provider-${name}`,
  fault: `a provider ${fault}`,
  shows: 'a sound deployment takes over; no more calls than attempts; a broken stream says so',
  kind: 'single' as const,
  ...(core && { core }),
  async run({ load, simulate, ledger, check, long }) {
    await simulate('sim-flaky', { faults: [{ rate, fault: order }] });
    load.start({ models: ['faulty', 'faulty', 'steady'], order: '[[tokens: 12]]', perSecond: 40 });
    await pause(long ? 4_000 : 2_000);
    await load.ended();
    const answered = ledger.entries.filter(({ kind, status }) => kind === 'answered' && status === 200);
    check('most calls were answered', answered.length > 10, `${answered.length}`);
  },
}));
