import { createHash } from 'node:crypto';

/** What is stored of a random secret: its SHA-256 in lower-case hex. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}
