import { describe, expect, it } from 'vitest';
import { bodyDigest, isDigestOf } from './body-digest.ts';
import { decodeOpaque, decodeScope, encodeOpaque } from './opaque.ts';
import { type MppReceipt, parseReceipt, serializeReceipt } from './receipt.ts';

const charge: MppReceipt = {
  status: 'success',
  method: 'evm',
  timestamp: '2026-03-01T12:00:00Z',
  reference: `0x${'11'.repeat(32)}`,
};
const session = {
  ...charge,
  intent: 'session',
  challengeId: 'abc',
  channelId: charge.reference,
  acceptedCumulative: '20',
  spent: '10',
};
const headerOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('receipt', () => {
  it('reads both kinds, and passes over members that it does not know', () => {
    expect(parseReceipt(headerOf({ ...charge, extra: 1 }))).toEqual({ kind: 'ok', value: charge });
    const read = parseReceipt(headerOf({ ...session, extra: 1 }));
    expect(read).toEqual({ kind: 'ok', value: { ...session, acceptedCumulative: 20n, spent: 10n } });
    if (read.kind === 'ok') expect(serializeReceipt(read.value)).toBe(headerOf(session));
  });

  it.each([
    ['another status', { ...charge, status: 'failed' }],
    ['no reference', { ...charge, reference: '' }],
    ['a time that is none', { ...charge, timestamp: 'now' }],
    ['a session without a channel', { ...charge, intent: 'session' }],
    ['a session with a negative amount', { ...session, spent: '-1' }],
    ['a session with half a unit', { ...session, units: 0.5 }],
    ['a list', [charge]],
  ])('refuses %s', (_what, value) => {
    expect(parseReceipt(headerOf(value)).kind).toBe('malformed');
  });
});

describe('bodyDigest', () => {
  it('is the one of RFC 9530, appendix B.1', () => {
    const body = Buffer.from('{"hello": "world"}\n');
    expect(bodyDigest(body)).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
    expect(isDigestOf(bodyDigest(body), body)).toBe(true);
    expect(isDigestOf(bodyDigest(body), Buffer.from('{"hello": "World"}\n'))).toBe(false);
    expect(isDigestOf('sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=', body)).toBe(false);
  });
});

describe('opaque', () => {
  it('is the same for the same map, however it was put together', () => {
    expect(encodeOpaque({ b: '1', a: '2' })).toEqual(encodeOpaque({ a: '2', b: '1' }));
    expect(encodeOpaque({ a: '\ud800' }).kind).toBe('malformed');
  });

  it('is a map of texts', () => {
    expect(decodeOpaque(headerOf({ a: '1' }))).toEqual({ kind: 'ok', value: { a: '1' } });
    for (const value of [{ a: 1 }, { a: null }, ['a'], 'a']) {
      expect(decodeOpaque(headerOf(value)).kind).toBe('malformed');
    }
  });

  it('has a whole scope or none', () => {
    const scope = { tenant: 't', route: 'r', method: 'GET', price: 'p', key: '' };
    expect(decodeScope(headerOf({ ...scope, more: 'x' }))).toEqual({ kind: 'ok', value: scope });
    expect(decodeScope(headerOf({ ...scope, key: undefined })).kind).toBe('malformed');
  });
});
