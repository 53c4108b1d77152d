import type { Config } from '@penstock/config';
import { secretsOf } from './secrets.js';

describe('the secrets of a configuration', () => {
  it('are keys of providers and tenants, values of headers, and options that are named like credentials', () => {
    const config = {
      providers: {
        one: {
          apiKey: 'provider-key',
          credentials: [{ apiKey: 'second-key' }],
          headers: { 'x-team': 'header-value' },
        },
        two: { options: { region: 'eu-west-1', secretAccessKey: 'option-secret', accessKeyId: 'option-id' } },
      },
      deployments: [{ credentials: [{ apiKey: 'deployment-key' }] }, {}],
      tenants: [{ keys: [{ name: 'default', secret: 'tenant-key' }] }],
    } as unknown as Config;
    expect(secretsOf(config)).toEqual([
      'provider-key',
      'second-key',
      'header-value',
      'option-secret',
      'option-id',
      'deployment-key',
      'tenant-key',
    ]);
  });
});
