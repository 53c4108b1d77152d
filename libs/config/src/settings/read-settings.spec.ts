import { readSettings, SettingsError } from './read-settings.js';

describe('readSettings', () => {
  it('has a default for everything but the addresses of servers it can bring itself', () => {
    expect(readSettings({ HOME: '/root' })).toEqual({
      httpPort: 8080,
      httpHost: '127.0.0.1',
      adminPort: 0,
      adminHost: '127.0.0.1',
      simulatorPort: 9100,
      configPath: 'deploy/local/penstock.yaml',
      dataDir: '.penstock/data',
      syncInterval: '1s',
      replicas: 1,
      processes: 'each',
      logLevel: 'info',
    });
  });

  it('takes what is given, and an empty variable for none', () => {
    const settings = readSettings({
      PENSTOCK_HTTP_PORT: '0',
      PENSTOCK_NATS_URL: 'nats://a:4222, nats://b:4222',
      PENSTOCK_DATABASE_URL: 'postgres://u:p@h/d',
      PENSTOCK_SYNC_INTERVAL: 'always',
      PENSTOCK_DATA_DIR: '',
    });
    expect(settings).toMatchObject({
      httpPort: 0,
      natsUrl: 'nats://a:4222, nats://b:4222',
      databaseUrl: 'postgres://u:p@h/d',
      syncInterval: 'always',
      dataDir: '.penstock/data',
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('names everything that is unknown or bad, all at once, and repeats no value', () => {
    const read = () =>
      readSettings({
        PENSTOCK_HTTP_PROT: '1',
        PENSTOCK_HTTP_PORT: '99999',
        PENSTOCK_DATABASE_URL: 'mysql://u:secret@h/d',
        PENSTOCK_LOG_LEVEL: 'loud',
        PENSTOCK_SYNC_INTERVAL: '0s',
      });
    expect(read).toThrow(SettingsError);
    const problems = ((): readonly string[] => {
      try {
        read();
      } catch (error) {
        return (error as SettingsError).problems;
      }
      return [];
    })();
    expect(problems).toEqual([
      expect.stringMatching(/^PENSTOCK_HTTP_PROT is not a setting; there are PENSTOCK_HTTP_PORT, /),
      'PENSTOCK_HTTP_PORT must be a port, 0 to 65535',
      'PENSTOCK_DATABASE_URL must be postgres://user:password@host:port/database',
      'PENSTOCK_SYNC_INTERVAL must be `always`, or a duration such as 1s',
      'PENSTOCK_LOG_LEVEL must be trace, debug, info, warn, error, silent',
    ]);
    expect(problems.join()).not.toContain('secret');
  });
});
