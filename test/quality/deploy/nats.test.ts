import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findNatsServer } from '../../../deploy/local/src/nats/find-nats-server.js';
import { ROOT, compose, read } from './deployment.js';

describe('deploy/nats', () => {
  it('has a configuration that nats-server takes, with a sync interval of its own', async () => {
    const { path } = await findNatsServer({ cacheDir: join(ROOT, '.penstock/cache') });
    const file = join(ROOT, 'deploy/nats/nats-server.conf');
    const variables = compose.services['nats']?.environment as NodeJS.ProcessEnv;
    execFileSync(path, ['-t', '-c', file], { env: variables, stdio: 'pipe' });
    expect(read('deploy/nats/nats-server.conf')).toMatch(/^\s*sync_interval: /m);
  });
});
