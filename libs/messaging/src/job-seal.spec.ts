import type { Lane } from '@penstock/contracts';
import { JobSeal, newSealSecret } from './job-seal.js';

describe('a seal', () => {
  const seal = new JobSeal(newSealSecret());
  const lane: Lane = { class: 'standard', tenant: 'acme' };
  const text = JSON.stringify({ id: 'order-1', keyName: 'default', attempts: [] });
  const sealed = seal.close(lane, text);

  it('opens for what it was put on', () => {
    expect(seal.open(lane, sealed)).toBe(text);
  });

  it.each<[string, Lane, string]>([
    ['another tenant', { ...lane, tenant: 'globex' }, sealed],
    ['another class', { ...lane, class: 'interactive' }, sealed],
    ['a text that was changed', lane, sealed.replace('default', 'master')],
    ['no seal at all', lane, text],
    ['a seal that is too short', lane, sealed.slice(1)],
    ['characters of more bytes than one', lane, `${'ä'.repeat(22)} ${text}`],
    ['nothing', lane, ''],
  ])('stays shut for %s', (_, where, what) => {
    expect(seal.open(where, what)).toBeUndefined();
  });

  it('stays shut for the seal of another installation', () => {
    expect(new JobSeal(newSealSecret()).open(lane, sealed)).toBeUndefined();
  });
});
