import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A master key by id. During a rotation there are two: the first seals, both open. */
export interface MasterKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** What a ciphertext is bound to: it opens for this tenant and this target only. */
export interface SecretContext {
  readonly tenant: string;
  readonly target: string;
}

/** Said on both sides, since a shorter tag would be accepted otherwise. */
const TAG = { authTagLength: 16 };

/** Encrypts with AES-256-GCM. The result is `v1.<key id>.<iv>.<tag>.<ciphertext>`, base64url. */
export function sealSecret(keys: readonly MasterKey[], context: SecretContext, plain: string): string {
  const key = keys[0];
  if (!key) throw new RangeError('no master key');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.secret, iv, TAG);
  cipher.setAAD(additionalData(key.id, context));
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return ['v1', key.id, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join('.');
}

/** Decrypts what sealSecret made. Throws when the key is unknown, the context differs or a bit was changed. */
export function openSecret(keys: readonly MasterKey[], context: SecretContext, sealed: string): string {
  const [version, keyId, iv, tag, data] = sealed.split('.');
  const key = keys.find((candidate) => candidate.id === keyId);
  if (version !== 'v1' || !key || iv === undefined || tag === undefined || data === undefined) {
    throw new Error('the sealed secret names no known key');
  }
  const decipher = createDecipheriv('aes-256-gcm', key.secret, Buffer.from(iv, 'base64url'), TAG);
  decipher.setAAD(additionalData(key.id, context));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString('utf8');
}

/** 32 bytes for one purpose, which tell nothing of the master key, nor of those for another purpose. */
export function deriveSecret({ secret }: MasterKey, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
}

/** What the key that signs offers and receipts is derived for: gateways and the console sign by the same one. */
export const STATEMENT_PURPOSE = 'tollwright x402 offers and receipts';

/** Reads a master key file: one `id:base64` a line, or a bare base64 line (id `k1`). Each key is 32 bytes. */
export function parseMasterKeys(text: string): MasterKey[] {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [id, value] = line.includes(':') ? line.split(':', 2) : ['k1', line];
      const secret = Buffer.from(value ?? '', 'base64');
      if (!id || secret.length !== 32) throw new Error('a master key is 32 bytes in base64');
      return { id, secret };
    });
  if (keys.length === 0) throw new Error('the master key file is empty');
  return keys;
}

function additionalData(keyId: string, context: SecretContext): Buffer {
  return Buffer.from(JSON.stringify([keyId, context.tenant, context.target]), 'utf8');
}
