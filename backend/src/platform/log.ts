import pino from 'pino';

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof levels)[number];

export function isLogLevel(text: string): text is LogLevel {
  return levels.some((level) => level === text);
}

type Fields = Readonly<Record<string, unknown>>;

/** Constant text with fields beside it; headers and secrets never go in. */
export class Log {
  private readonly logger: pino.Logger;

  constructor(level: LogLevel = 'info') {
    this.logger = pino({
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
    });
  }

  error(message: string, fields: Fields = {}): void {
    this.logger.error(fields, message);
  }

  warn(message: string, fields: Fields = {}): void {
    this.logger.warn(fields, message);
  }

  info(message: string, fields: Fields = {}): void {
    this.logger.info(fields, message);
  }

  debug(message: string, fields: Fields = {}): void {
    this.logger.debug(fields, message);
  }
}
