import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../mpp/canonical-json.ts';
import { toBase58 } from './base58.ts';

/** An Ed25519 public key as a member of a JWK set. `kid` is its `did:key`. Source: RFC 8037. */
export type StatementKey = {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  readonly kid: string;
  readonly x: string;
};

/** Signs what a gateway states, such as offers and receipts, as compact JWS. */
export interface StatementSigner {
  readonly publicKey: StatementKey;
  /** The statement in canonical JSON, signed: `<header>.<payload>.<signature>`, base64url. */
  sign(statement: JsonObject): string;
}

/** What comes before the 32 bytes of a private key in PKCS #8, and of a public key in a `did:key`. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const ed25519Codec = Buffer.from([0xed, 0x01]);

/** Makes the signer of a 32-byte seed. Throws RangeError for another length. */
export function statementSigner(seed: Uint8Array): StatementSigner {
  if (seed.length !== 32) throw new RangeError('a seed has 32 bytes');
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
  const kid = `did:key:z${toBase58(Buffer.concat([ed25519Codec, Buffer.from(x, 'base64url')]))}`;
  const header = encoded({ alg: 'EdDSA', kid });
  return {
    publicKey: { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, x },
    sign(statement) {
      const signed = `${header}.${encoded(statement)}`;
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}

/** The statement of a JWS that this key signed; null for every other text. */
export function verifyStatement(jws: string, { x }: Pick<StatementKey, 'x'>): unknown {
  const [header, payload, signature, ...more] = jws.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return null;
  try {
    const key: KeyObject = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const isGood = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
    return isGood ? JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) : null;
  } catch {
    return null;
  }
}

function encoded(value: JsonObject): string {
  return Buffer.from(canonicalJson(value)).toString('base64url');
}
