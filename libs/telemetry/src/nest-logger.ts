import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/**
 * Nest's own messages in the service's log: `NestFactory.create(module, { logger: nestLogger(logger) })`.
 * What Nest calls `log` (one line for each module and route at start) is `debug` here.
 */
export function nestLogger(logger: Logger): LoggerService {
  const at =
    (level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const { stack, context } = readRest(rest, level);
      const bindings = { ...(context && { context }), ...(stack && { stack }) };
      if (message instanceof Error) logger[level]({ ...bindings, error: message }, message.message);
      else if (typeof message === 'string') logger[level](bindings, message);
      else logger[level]({ ...bindings, detail: message }, context ?? 'nest');
    };
  return {
    verbose: at('trace'),
    debug: at('debug'),
    log: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}

/** Nest puts the context last, and for errors the stack before it. */
function readRest(rest: unknown[], level: string): { stack?: string; context?: string } {
  const texts = rest.filter((part): part is string => typeof part === 'string');
  const context = texts.at(-1);
  const stack = level === 'error' && texts.length > 1 ? texts[0] : undefined;
  return { ...(stack !== undefined && { stack }), ...(context !== undefined && { context }) };
}
