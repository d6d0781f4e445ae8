import { createHash } from 'node:crypto';

/** The digest of a body for a challenge's `digest`: `sha-256=:…:`, base64 with padding. Source: RFC 9530. */
export function bodyDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** Tells whether a challenge's digest is of this body. Other algorithms, and other spellings of the same, are not. */
export function isDigestOf(digest: string, body: Uint8Array): boolean {
  return digest === bodyDigest(body);
}
