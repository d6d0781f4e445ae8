import { channelIdOf, type JsonObject, tempoChannelReserve, voucherDigest } from '@tollwright/protocols';
import fc from 'fast-check';
import { bytesToHex, type Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { judgePayload } from './check.ts';
import type { SessionTerms } from './offer.ts';

const terms: SessionTerms = {
  ...{ network: 'eip155:42431', asset: `0x${'4'.repeat(40)}`, payTo: `0x${'2'.repeat(40)}` },
  ...{ operator: `0x${'3'.repeat(40)}`, amountAtomic: 10_000n },
};
const payer = privateKeyToAccount(generatePrivateKey());
const descriptor = {
  ...{ payer: payer.address, payee: terms.payTo, operator: terms.operator, token: terms.asset },
  ...{ salt: `0x${'5'.repeat(64)}`, authorizedSigner: payer.address, expiringNonceHash: `0x${'7'.repeat(64)}` },
};
const channelId = channelIdOf(42431n, descriptor);

async function payloadOf(cumulative: bigint, by = payer): Promise<JsonObject> {
  const digest = bytesToHex(voucherDigest(42431n, { channelId, cumulativeAmount: cumulative }, tempoChannelReserve));
  const signature = await by.sign({ hash: digest });
  return { action: 'voucher', channelId, descriptor, cumulativeAmount: `${cumulative}`, signature };
}

const judge = (payload: JsonObject, source: string | null = null) =>
  judgePayload({ payload, source, nowMs: Date.now() }, terms, () => null);

describe('a voucher', () => {
  it('is good for its channel, whatever the case of its addresses', async () => {
    const payload = await payloadOf(20_000n);
    const upper = Object.fromEntries(
      Object.entries(descriptor).map(([name, hex]) => [name, `0x${hex.slice(2).toUpperCase()}`]),
    );
    for (const shown of [payload, { ...payload, descriptor: upper }]) {
      expect(judge(shown)).toMatchObject({
        kind: 'judged',
        value: { channel: { channelKey: `channel:eip155:42431:${channelId}`, payer: payer.address.toLowerCase() } },
      });
    }
    expect(judge(payload, `did:pkh:eip155:42431:${payer.address}`).kind).toBe('judged');
    expect(judge(payload, `did:pkh:eip155:42431:${terms.payTo}`)).toMatchObject({ reason: 'source-mismatch' });
  });

  it.each([
    ['by somebody else', 'session/signer-mismatch', () => payloadOf(1n, privateKeyToAccount(generatePrivateKey()))],
    ['for more than counters can hold', 'session/amount-exceeds-deposit', () => payloadOf(9_000_000_000_000_001n)],
    [
      'that is none',
      'session/invalid-signature',
      async () => ({ ...(await payloadOf(1n)), signature: `0x${'11'.repeat(64)}` }),
    ],
  ])('%s is refused', async (_, reason, shown) => {
    expect(judge(await shown())).toEqual({ kind: 'refused', reason });
  });

  it('property: altered anywhere, it is refused', async () => {
    const payload = await payloadOf(20_000n);
    const nibble = fc.integer({ min: 0, max: 15 });
    const place = fc.constantFrom(...['signature', 'channelId'], ...Object.keys(descriptor));
    fc.assert(
      fc.property(place, fc.nat(), nibble, (name, at, digit) => {
        const holder = name in descriptor ? descriptor : (payload as Record<string, string>);
        const before = (holder as Record<string, string>)[name] ?? '';
        const index = 2 + (at % (before.length - 2));
        const altered = `${before.slice(0, index)}${digit.toString(16)}${before.slice(index + 1)}`;
        if (altered.toLowerCase() === before.toLowerCase()) return;
        const shown =
          holder === descriptor
            ? { ...payload, descriptor: { ...descriptor, [name]: altered } }
            : { ...payload, [name]: altered };
        // The last byte of a signature may be written in two ways.
        if (name === 'signature' && [27, 28, 0, 1].includes(Number.parseInt(altered.slice(-2), 16))) {
          if (altered.slice(0, -2) === before.slice(0, -2) && isSameParity(altered, before)) return;
        }
        expect(judge(shown).kind).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });

  it('property: for any other amount, it is refused', async () => {
    const payload = await payloadOf(20_000n);
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 90n), (amount) => {
        fc.pre(amount !== 20_000n);
        expect(judge({ ...payload, cumulativeAmount: `${amount}` }).kind).toBe('refused');
      }),
      { numRuns: 300 },
    );
  });
});

function isSameParity(a: string, b: string): boolean {
  const parity = (signature: string) => (Number.parseInt(signature.slice(-2), 16) + 1) % 2;
  return parity(a as Hex) === parity(b as Hex);
}
