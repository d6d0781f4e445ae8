import { describe, expect, it } from 'vitest';
import { isPaymentScheme, parseCredential } from './credential.ts';
import { parseEvmChargePayload } from './evm-charge.ts';
import { parseSessionPayload } from './session-payload.ts';

const challenge = {
  id: 'abc',
  realm: 'r',
  method: 'stripe',
  intent: 'charge',
  request: 'e30',
  expires: '2026-03-01T12:05:00Z',
};
const whole = { challenge, source: 'did:pkh:eip155:1:0x00', payload: { spt: 'spt_1' } };
const tokenOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('credential', () => {
  it('isPaymentScheme: tells it from other schemes', () => {
    const headers = ['Payment abc', 'payment  abc', 'PAYMENT', 'Payments abc', 'Bearer Payment', ' Payment abc', ''];
    expect(headers.filter(isPaymentScheme)).toEqual(['Payment abc', 'payment  abc', 'PAYMENT']);
  });

  it('parseCredential: reads it, and passes over members that it does not know', () => {
    const more = { ...whole, extra: 1, challenge: { ...challenge, extra: 2 } };
    for (const scheme of ['Payment ', 'payment   ']) {
      expect(parseCredential(scheme + tokenOf(more))).toEqual({ kind: 'ok', value: whole });
    }
  });

  it.each([
    ['another scheme', `Bearer ${tokenOf(whole)}`],
    ['no token', 'Payment '],
    ['no space', `Payment${tokenOf(whole)}`],
    ['padding', `Payment ${tokenOf({ ...whole, source: 'a' })}==`],
    ['the other alphabet', `Payment ${Buffer.from('{"a":"??>"}').toString('base64')}`],
    ['two of them', `Payment ${tokenOf(whole)}, Payment ${tokenOf(whole)}`],
    ['a parameter', `Payment ${tokenOf(whole)}, realm="x"`],
    ['bad UTF-8', `Payment ${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}`],
    ['no JSON', `Payment ${Buffer.from('{').toString('base64url')}`],
    ['an array', `Payment ${tokenOf([whole])}`],
    ['no challenge', `Payment ${tokenOf({ payload: {} })}`],
    ['no payload', `Payment ${tokenOf({ challenge })}`],
    ['a payload that is a list', `Payment ${tokenOf({ challenge, payload: [] })}`],
    ['a payload that is null', `Payment ${tokenOf({ challenge, payload: null })}`],
    ['a source that is a number', `Payment ${tokenOf({ ...whole, source: 1 })}`],
    ['a request that is an object', `Payment ${tokenOf({ ...whole, challenge: { ...challenge, request: {} } })}`],
    ['no end', `Payment ${tokenOf({ ...whole, challenge: { ...challenge, expires: undefined } })}`],
    [
      'deep nesting',
      `Payment ${tokenOf({ ...whole, payload: JSON.parse(`${'{"a":'.repeat(16)}0${'}'.repeat(16)}`) })}`,
    ],
    ['more than 16 KiB', `Payment ${tokenOf({ ...whole, payload: { a: 'x'.repeat(16_384) } })}`],
    [
      'an id twice',
      `Payment ${Buffer.from(JSON.stringify(whole).replace('{"id"', '{"id":"x","id"')).toString('base64url')}`,
    ],
    [
      'a payload twice',
      `Payment ${Buffer.from(JSON.stringify(whole).replace('{', '{"payload":{},')).toString('base64url')}`,
    ],
  ])('parseCredential: refuses %s', (_what, header) => {
    expect(parseCredential(header).kind).toBe('malformed');
  });
});

describe('payloads', () => {
  const evm = {
    type: 'authorization',
    from: `0x${'11'.repeat(20)}`,
    to: `0x${'22'.repeat(20)}`,
    value: '100',
    validAfter: '0',
    validBefore: '1',
    nonce: `0x${'33'.repeat(32)}`,
    signature: `0x${'44'.repeat(65)}`,
  };
  const voucher = {
    action: 'voucher',
    channelId: `0x${'11'.repeat(32)}`,
    cumulativeAmount: '79228162514264337593543950335',
    signature: '0x11',
  };
  const descriptor = {
    payer: evm.from,
    payee: evm.to,
    operator: evm.to,
    token: evm.to,
    salt: evm.nonce,
    authorizedSigner: evm.to,
    expiringNonceHash: evm.nonce,
  };
  const opening = { ...voucher, action: 'open', type: 'transaction', transaction: '0x76', descriptor };

  it('evm: reads an authorization, with amounts and times as integers', () => {
    expect(parseEvmChargePayload(evm)).toEqual({
      kind: 'ok',
      value: { ...evm, value: 100n, validAfter: 0n, validBefore: 1n },
    });
    for (const change of [{ type: 'permit2' }, { signature: '0x' }, { value: '01' }, { value: 100 }, { nonce: '0x' }]) {
      expect(parseEvmChargePayload({ ...evm, ...change }).kind).toBe('malformed');
    }
  });

  it('session: reads what is to happen to a channel', () => {
    expect(parseSessionPayload(voucher)).toEqual({
      kind: 'ok',
      value: { ...voucher, cumulativeAmount: (1n << 96n) - 1n },
    });
    const { cumulativeAmount: _, signature: __, ...rest } = opening;
    const readable = [opening, { ...voucher, action: 'close' }, { ...rest, action: 'topUp', additionalDeposit: '1' }];
    expect(readable.map((value) => parseSessionPayload(value).kind)).toEqual(['ok', 'ok', 'ok']);
  });

  it.each([
    ['another action', { ...voucher, action: 'pause' }],
    ['an amount of 2^96', { ...voucher, cumulativeAmount: '79228162514264337593543950336' }],
    ['a negative amount', { ...voucher, cumulativeAmount: '-1' }],
    ['half a byte', { ...voucher, signature: '0x1' }],
    ['an opening without a channel', { ...opening, descriptor: {} }],
    ['an opening without a transaction', { ...voucher, action: 'open', descriptor }],
  ])('session: refuses %s', (_what, value) => {
    expect(parseSessionPayload(value).kind).toBe('malformed');
  });
});
