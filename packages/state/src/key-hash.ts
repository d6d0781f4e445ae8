import { hash } from 'node:crypto';

/** The lower-case hex SHA-256 of a whole key: all that is ever stored of it. */
export function keyHash(key: string): string {
  return hash('sha256', key);
}
