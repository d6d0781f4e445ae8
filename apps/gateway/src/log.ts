import { type Logger, pino } from 'pino';

/** The log of this process, one JSON object a line. Keys and payments never get into it. */
export function createLog(gateway: string, level: string): Logger {
  return pino({
    level,
    base: { gateway, pid: process.pid },
    redact: ['*.authorization', '*["x-api-key"]', '*["payment-signature"]', '*["x-payment"]', '*.key', '*.sealedValue'],
  });
}
