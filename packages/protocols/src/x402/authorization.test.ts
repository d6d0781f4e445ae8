import { describe, expect, it } from 'vitest';
import { recoverSigner } from '../evm/recover-signer.ts';
import { authorizationDigest, type TokenDomain } from './authorization-digest.ts';

/** Signed with viem 2.57.20 by the key 0x59c6…690d, the second of the usual development phrase. */
const signed = {
  domain: {
    name: 'USDC',
    version: '2',
    chainId: 84_532n,
    verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  } satisfies TokenDomain,
  authorization: {
    from: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    to: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    value: 10_000n,
    validAfter: 1_700_000_000n,
    validBefore: 1_700_000_300n,
    nonce: `0x${'ab'.repeat(32)}`,
  },
  digest: '0xdc36ab2e8310e1c17fd79c6df814bba5b76554e8b0f10cd05ddc513ed5d7eb3c',
  signature:
    '0x88c258f06f376ba9a5da8ee7c07f55b60eb35749199214a97a30ea0982fe392e31bf2847adb617e77db536e2bc70613981c6db10a7d32d38ac2a44f2db9278831b',
};

describe('authorization', () => {
  it('digest: equals the one that viem computes', () => {
    const digest = authorizationDigest(signed.domain, signed.authorization);
    expect(`0x${Buffer.from(digest).toString('hex')}`).toBe(signed.digest);
  });

  it('recoverSigner: finds the payer', () => {
    const digest = authorizationDigest(signed.domain, signed.authorization);
    expect(recoverSigner(digest, signed.signature)).toBe(signed.authorization.from.toLowerCase());
    const v = signed.signature.endsWith('1b') ? '00' : '01';
    expect(recoverSigner(digest, signed.signature.slice(0, -2) + v)).toBe(signed.authorization.from.toLowerCase());
  });

  it.each([
    ['another chain', { chainId: 1n }],
    ['another token', { verifyingContract: `0x${'11'.repeat(20)}` }],
    ['another token version', { version: '1' }],
  ])('recoverSigner: finds someone else for %s', (_what, change) => {
    const digest = authorizationDigest({ ...signed.domain, ...change }, signed.authorization);
    expect(recoverSigner(digest, signed.signature)).not.toBe(signed.authorization.from.toLowerCase());
  });

  it('recoverSigner: refuses the mirrored signature, foreign recovery ids, zeros and other lengths', () => {
    const digest = authorizationDigest(signed.domain, signed.authorization);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const mirrored = (order - BigInt(`0x${signed.signature.slice(66, 130)}`)).toString(16).padStart(64, '0');
    const otherV = signed.signature.endsWith('1b') ? '1c' : '1b';
    expect(recoverSigner(digest, signed.signature.slice(0, 66) + mirrored + otherV)).toBeNull();
    expect(recoverSigner(digest, `${signed.signature.slice(0, -2)}1d`)).toBeNull();
    expect(recoverSigner(digest, `0x${'00'.repeat(65)}`)).toBeNull();
    expect(recoverSigner(digest, signed.signature.slice(0, -2))).toBeNull();
  });
});
