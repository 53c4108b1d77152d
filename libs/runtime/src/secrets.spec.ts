import type { Config } from '@penstock/config';
import { secretsOf } from './secrets.js';

describe('the secrets of a configuration', () => {
  it('are keys of providers and tenants, values of headers, and options that are named like credentials', () => {
    const config = {
      providers: {
        one: { apiKey: 'provider-key', headers: { 'x-team': 'header-value' } },
        two: { options: { region: 'eu-west-1', secretAccessKey: 'option-secret', accessKeyId: 'option-id' } },
      },
      tenants: [{ keys: [{ name: 'default', secret: 'tenant-key' }] }],
    } as unknown as Config;
    expect(secretsOf(config)).toEqual([
      'provider-key',
      'header-value',
      'option-secret',
      'option-id',
      'tenant-key',
    ]);
  });
});
