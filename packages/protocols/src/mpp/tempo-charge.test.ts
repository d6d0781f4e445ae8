import { describe, expect, it } from 'vitest';
import { isMemoOf, parseTempoChargePayload, readMemoTransfer } from './tempo-charge.ts';

/** Made by mppx 0.11.0, Attribution.encode({ challengeId: 'challenge-123', serverId: 'api.example.com' }). */
const memo = '0xef1ed712011ece072f76bd8b82350e00000000000000000000eb18f2d4402269';
const challenge = { id: 'challenge-123', realm: 'api.example.com' };
const to = '3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const data = `0x95777d59${to.padStart(64, '0')}${(10_000).toString(16).padStart(64, '0')}${memo.slice(2)}`;

describe('method tempo', () => {
  it('knows the memo of a challenge from that of another, or of another server', () => {
    expect(isMemoOf(memo, challenge)).toBe(true);
    expect(isMemoOf(memo, { ...challenge, id: 'challenge-124' })).toBe(false);
    expect(isMemoOf(memo, { ...challenge, realm: 'api.example.org' })).toBe(false);
    expect(isMemoOf(`0x00${memo.slice(4)}`, challenge)).toBe(false);
    expect(isMemoOf(memo.slice(0, -2), challenge)).toBe(false);
  });

  it('reads a transfer with a memo, and nothing else', () => {
    expect(readMemoTransfer(data)).toEqual({ to: `0x${to}`, amount: 10_000n, memo });
    expect(readMemoTransfer(data.toUpperCase().replace('0X', '0x'))).toMatchObject({ amount: 10_000n });
    expect(readMemoTransfer(`${data}00`)).toBeNull();
    expect(readMemoTransfer(data.replace('0x95777d59', '0xa9059cbb'))).toBeNull();
    expect(readMemoTransfer(data.replace(`59${'0'.repeat(24)}`, `59${'0'.repeat(23)}1`))).toBeNull();
  });

  it.each([
    ['a hash that was sent', { type: 'hash', hash: `0x${'ab'.repeat(32)}` }],
    ['a transaction of Ethereum', { type: 'transaction', signature: '0x02ab' }],
    ['half a byte', { type: 'transaction', signature: '0x76a' }],
  ])('takes no %s', (_what, value) => {
    expect(parseTempoChargePayload(value).kind).toBe('malformed');
  });
});
