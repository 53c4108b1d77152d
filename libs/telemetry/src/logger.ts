import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { redactor } from './redact.js';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly service: string;
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** Values that must never be written, whatever their form: the configured keys. */
  readonly secrets?: Iterable<string>;
  /** Where the lines go. Default: the standard output. */
  readonly destination?: DestinationStream;
}

/**
 * A log of JSON lines: `level` as a word, `time` in RFC 3339, `service`, `msg`, and what the caller binds.
 *
 * Bind with `logger.child(bindings)` under the names of `LogBindings`. Prompts and completions are never given
 * to it; secrets that slip in are taken out of the finished line.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    serializers: { error: stdSerializers.err, err: stdSerializers.err },
    hooks: { streamWrite: redactor(options.secrets) },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** The names under which what a line is about is bound, so that one search finds it in all services. */
export interface LogBindings {
  readonly job?: string;
  readonly tenant?: string;
  readonly attempt?: string;
  readonly deployment?: string;
  /** As in the trace viewer. */
  readonly traceId?: string;
}
