import fc from 'fast-check';
import { hashMessage } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage } from 'viem/siwe';
import { describe, expect, it } from 'vitest';
import { signInMessage } from './sign-in-message.ts';
import {
  parseSignIn,
  type SignInPlace,
  type SignInProof,
  serializeSignIn,
  signInExtension,
  verifySignIn,
} from './sign-in-with-x.ts';

const account = privateKeyToAccount(generatePrivateKey());
const nowMs = 1_800_000_000_000;
const place: SignInPlace = {
  domain: 'gateway.test',
  uri: 'https://gateway.test/acme/weather/now?city=a',
  networks: ['eip155:8453', 'eip155:84532'],
};
const { info } = signInExtension({ place, nonce: 'a1b2c3d4e5f6', nowMs, statement: 'Come in.' });
const said = { ...info, address: account.address, chainId: 'eip155:84532', type: 'eip191' } as Omit<
  SignInProof,
  'signature'
>;

async function signed(change: Partial<SignInProof> = {}): Promise<SignInProof> {
  const words = { ...said, ...change };
  return { ...words, signature: change.signature ?? (await account.signMessage({ message: signInMessage(words) })) };
}

describe('the message', () => {
  const { domain, uri, version, nonce, issuedAt } = said;
  const required = { domain, address: account.address, uri, version, nonce, issuedAt, chainId: 'eip155:84532' };
  const dates = { expirationTime: '2027-01-15T08:05:00.000Z', notBefore: '2027-01-15T08:00:00.000Z' };
  it.each([
    ['least', {}],
    ['with a statement', { statement: 'Come in.' }],
    [
      'with all',
      { statement: 'Come in.', ...dates, requestId: 'req_1', resources: ['https://a.example', 'https://b.example'] },
    ],
  ])('is what viem writes: %s', (_what, optional: Partial<SignInProof>) => {
    const { expirationTime, notBefore, statement, requestId, resources } = optional;
    const written = createSiweMessage({
      ...{ domain, address: account.address, uri, version: '1', nonce, chainId: 84_532, issuedAt: new Date(issuedAt) },
      ...(statement === undefined ? {} : { statement }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(resources === undefined ? {} : { resources: [...resources] }),
      ...(expirationTime === undefined ? {} : { expirationTime: new Date(expirationTime) }),
      ...(notBefore === undefined ? {} : { notBefore: new Date(notBefore) }),
    });
    expect(signInMessage({ ...required, ...optional })).toBe(written);
  });
});

describe('sign-in-with-x', () => {
  it('declares where, until when and on which chains', () => {
    expect(signInExtension({ place, nonce: 'a1b2c3d4e5f6', nowMs })).toMatchObject({
      info: {
        ...{ domain: 'gateway.test', uri: place.uri, version: '1', nonce: 'a1b2c3d4e5f6' },
        ...{ issuedAt: '2027-01-15T08:00:00.000Z', expirationTime: '2027-01-15T08:05:00.000Z' },
      },
      supportedChains: [
        { chainId: 'eip155:8453', type: 'eip191' },
        { chainId: 'eip155:84532', type: 'eip191' },
      ],
    });
  });

  it('lets in who signed for this place, whatever its query', async () => {
    const proof = await signed();
    const read = parseSignIn(serializeSignIn(proof));
    if (read.kind === 'malformed') throw new Error(read.reason);
    expect(verifySignIn(read.value, { ...place, uri: 'https://gateway.test/acme/weather/now' }, nowMs + 1_000)).toEqual(
      {
        ...{
          kind: 'signed-in',
          address: account.address.toLowerCase(),
          network: 'eip155:84532',
          nonce: 'a1b2c3d4e5f6',
        },
      },
    );
  });

  it.each<[string, Partial<SignInProof>, string]>([
    ['another domain', { domain: 'evil.test' }, 'invalid_siwx_domain_mismatch'],
    ['another path', { uri: 'https://gateway.test/acme/weather/later' }, 'invalid_siwx_uri_mismatch'],
    ['another origin', { uri: 'https://evil.test/acme/weather/now' }, 'invalid_siwx_uri_mismatch'],
    ['another chain', { chainId: 'eip155:1' }, 'invalid_siwx_unsupported_chain'],
    ['a Solana key', { type: 'ed25519' }, 'invalid_siwx_unsupported_chain'],
    ['an old statement', { issuedAt: '2027-01-15T07:54:59.000Z' }, 'invalid_siwx_issued_at_too_old'],
    ['a statement of tomorrow', { issuedAt: '2027-01-16T08:00:00.000Z' }, 'invalid_siwx_issued_at_in_future'],
    ['one that has ended', { expirationTime: '2027-01-15T07:59:59.999Z' }, 'invalid_siwx_expired'],
    ['one that has not begun', { notBefore: '2027-01-15T08:01:00.000Z' }, 'invalid_siwx_not_yet_valid'],
    ['a wallet that is not there yet', { signature: `0xab${'6492'.repeat(16)}` }, 'invalid_siwx_signature'],
  ])('refuses %s', async (_what, change, reason) => {
    expect(verifySignIn(await signed(change), place, nowMs)).toEqual({ kind: 'refused', reason });
  });

  it.each<[string, Partial<SignInProof>]>([
    ['nonce', { nonce: 'ffffffffffff' }],
    ['statement', { statement: 'Pay me.' }],
    ['time', { issuedAt: '2027-01-15T08:00:01.000Z' }],
    ['end', { expirationTime: '2027-01-15T08:06:00.000Z' }],
    ['chain', { chainId: 'eip155:8453' }],
  ])('does not take another %s for signed', async (_what, change) => {
    const { signature } = await signed();
    const altered = { ...said, ...change, signature };
    expect(verifySignIn(altered, place, nowMs)).toMatchObject({ kind: 'unproven', signature });
  });

  it.each<[string, Partial<SignInProof>]>([
    ['another address than signed', { address: `0x${'99'.repeat(20)}` }],
    ['a contract’s signature', { signature: `0x${'ab'.repeat(97)}` }],
  ])('leaves %s to the code at that address, with what was signed', async (_what, change) => {
    const proof = await signed(change);
    const judged = verifySignIn(proof, place, nowMs);
    if (judged.kind !== 'unproven') throw new Error(judged.kind);
    expect(judged.address).toBe(proof.address.toLowerCase());
    expect(`0x${Buffer.from(judged.digest).toString('hex')}`).toBe(hashMessage(signInMessage(proof)));
  });

  it('reads no line breaks: one text would have two meanings', async () => {
    for (const change of [
      { statement: 'a\n\nURI: https://evil.test' },
      { requestId: 'a\r' },
      { resources: ['a\u2028'] },
    ]) {
      expect(parseSignIn(serializeSignIn({ ...(await signed()), ...change })).kind).toBe('malformed');
    }
  });

  it('property: lets nobody in with a statement or a signature that was altered anywhere', async () => {
    const proof = await signed();
    const digit = fc.integer({ min: 0, max: 15 }).map((value) => value.toString(16));
    const other = fc.oneof(fc.constant(undefined), fc.string(), fc.constantFrom('', 'A', '0x'), fc.jsonValue());
    const alike = ({ address, signature, ...words }: SignInProof) => {
      const v = Number.parseInt(signature.slice(130), 16);
      const key = { address: address.toLowerCase(), rs: signature.slice(0, 130).toLowerCase(), v: v < 27 ? v : v - 27 };
      return { ...words, ...key };
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...([...Object.keys(proof), 'notBefore', 'requestId', 'resources'] as (keyof SignInProof)[])),
        fc.nat(),
        fc.oneof(
          { weight: 3, arbitrary: digit.map((value) => ({ digit: value })) },
          other.map((whole) => ({ whole })),
        ),
        (name, at, change) => {
          const before = String(proof[name] ?? '0');
          const index = at % before.length;
          const value =
            'digit' in change ? before.slice(0, index) + change.digit + before.slice(index + 1) : change.whole;
          const read = parseSignIn(serializeSignIn({ ...proof, [name]: value } as SignInProof));
          if (read.kind === 'malformed') return;
          if (verifySignIn(read.value, place, nowMs).kind === 'signed-in') {
            expect(alike(read.value)).toEqual(alike(proof));
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('reads or refuses whatever comes, and never throws', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.anything().map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64')),
    );
    fc.assert(fc.property(anything, (header) => ['ok', 'malformed'].includes(parseSignIn(header).kind)));
  });
});
