import { hash } from 'node:crypto';
import type { Visit } from './visit.ts';

/** SHA-256 of what is asked for: another method, target or body is another request. `body` null: there is none. */
export function requestHash({ method, path, query }: Visit, body: Buffer | null): string {
  const digest = body === null ? '' : hash('sha256', body, 'hex');
  return hash('sha256', `${method} ${path}${query}\n${digest}`, 'hex');
}
