import { createLogger, type LogLevel } from './logger.js';
import { nestLogger } from './nest-logger.js';

function setup(level: LogLevel = 'info') {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  return { lines, logger: createLogger({ service: 'router', level, destination, secrets: ['open sesame'] }) };
}

describe('createLogger', () => {
  it('writes JSON lines with level, time, service, bindings and the stack of an error', () => {
    const { lines, logger } = setup();
    logger
      .child({ job: 'job_1', tenant: 'acme' })
      .error({ error: new Error('lost the lease') }, 'attempt failed');
    logger.debug('not this');
    expect(lines).toEqual([
      {
        level: 'error',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        service: 'router',
        job: 'job_1',
        tenant: 'acme',
        error: expect.objectContaining({
          message: 'lost the lease',
          stack: expect.any(String) as string,
        }) as object,
        msg: 'attempt failed',
      },
    ]);
  });

  it('writes no secret, neither by its name, nor by its form, nor a known one', () => {
    const { lines, logger } = setup();
    logger.info({ headers: { authorization: 'Bearer abcdef123456' } }, 'sk-abcdefghijkl and open sesame');
    expect(JSON.stringify(lines)).not.toMatch(/abcdef|sesame/);
    expect(lines[0]).toMatchObject({
      headers: { authorization: '[redacted]' },
      msg: '[redacted] and [redacted]',
    });
  });
});

describe('nestLogger', () => {
  it('puts the messages of Nest into the log, with context and stack', () => {
    const { lines, logger } = setup('debug');
    const nest = nestLogger(logger);
    nest.log('Mapped {/v1/jobs, POST}', 'RouterExplorer');
    nest.error('broke', 'Error: broke\n at x', 'ExceptionHandler');
    nest.warn({ a: 1 });
    nest.error(new Error('odd'));
    expect(lines).toMatchObject([
      { level: 'debug', msg: 'Mapped {/v1/jobs, POST}', context: 'RouterExplorer' },
      { level: 'error', msg: 'broke', stack: 'Error: broke\n at x', context: 'ExceptionHandler' },
      { level: 'warn', detail: { a: 1 } },
      { level: 'error', msg: 'odd', error: { message: 'odd' } },
    ]);
  });
});
