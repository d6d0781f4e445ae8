import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chain } from './chain.ts';
import {
  newPayer,
  newSeller,
  newWallet,
  openStage,
  type Payload,
  PRICE_ATOMIC,
  payloadOf,
  payloadV1Of,
  requirementsOn,
  type Stage,
} from './facilitator-harness.ts';

const FUNDS_ATOMIC = 1_000_000n;
const PERMIT2 = { assetTransferMethod: 'permit2' };
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** How often the payer was debited, and what is left of the funds. */
async function debits(chain: Chain, payer: Hex) {
  const transfers = await chain.transfers(payer);
  return { count: transfers.length, left: await chain.balanceOf(payer) };
}

const facilitatorAddress = () => stage.chains[0].accounts[0]?.address;
const nonceOf = ({ payload }: Payload) => BigInt((payload.permit2Authorization as { nonce: string }).nonce);

it('says that it has exact and upto of version 2, and exact of version 1, for both networks', async () => {
  const { kinds, extensions } = await stage.client.getSupported();
  const named = kinds.map(({ x402Version, scheme, network }) => `${x402Version} ${scheme} ${network}`);
  expect(named.sort()).toEqual([
    '1 exact base',
    '1 exact base-sepolia',
    '2 exact eip155:8453',
    '2 exact eip155:84532',
    '2 upto eip155:8453',
    '2 upto eip155:84532',
  ]);
  const upto = kinds.filter(({ scheme }) => scheme === 'upto');
  expect(upto.map(({ extra }) => extra?.facilitatorAddress)).toEqual([facilitatorAddress(), facilitatorAddress()]);
  expect(extensions).toContain('eip2612GasSponsoring');
});

describe.each([
  { index: 0, name: 'Base Sepolia' },
  { index: 1, name: 'Base' },
] as const)('facilitator on $name', ({ index }) => {
  let chain: Chain;
  beforeAll(() => {
    chain = stage.chains[index];
  });

  it('settles exact by ERC-3009 once, and counts', async () => {
    const { client, facilitator } = stage;
    const [payer, seller] = [await newPayer(chain, FUNDS_ATOMIC), newSeller()];
    const requirements = requirementsOn(chain, seller, 'exact');
    const payload = await payloadOf(payer, requirements);
    const before = { ...facilitator.counts };
    expect(await client.verify(payload, requirements)).toMatchObject({ isValid: true, payer: payer.address });
    const settled = await client.settle(payload, requirements);
    expect(settled).toMatchObject({ success: true, network: chain.network.network });
    expect(await chain.transfers(payer.address)).toEqual([
      { from: payer.address, to: seller, amountAtomic: PRICE_ATOMIC, transactionHash: settled.transaction },
    ]);
    const { nonce } = payload.payload.authorization as { nonce: Hex };
    expect(await chain.authorizationUsed(payer.address, nonce)).toBe(true);
    expect(await client.settle(payload, requirements)).toMatchObject({ success: false, transaction: '' });
    expect(await debits(chain, payer.address)).toEqual({ count: 1, left: FUNDS_ATOMIC - PRICE_ATOMIC });
    expect(facilitator.counts).toEqual({ verify: before.verify + 1, settle: before.settle + 2 });
  });

  it('settles exact of version 1', async () => {
    const [payer, seller] = [await newPayer(chain, FUNDS_ATOMIC), newSeller()];
    const { payload, requirements } = await payloadV1Of(payer, chain, seller);
    expect(await stage.client.verify(payload, requirements)).toMatchObject({ isValid: true });
    expect(await stage.client.settle(payload, requirements)).toMatchObject({ success: true });
    expect(await chain.balanceOf(seller)).toBe(PRICE_ATOMIC);
  });

  it('settles exact by Permit2 once', async () => {
    const [payer, seller] = [await newPayer(chain, FUNDS_ATOMIC), newSeller()];
    await chain.approvePermit2(payer.address);
    const requirements = requirementsOn(chain, seller, 'exact', PERMIT2);
    const payload = await payloadOf(payer, requirements);
    expect(await stage.client.verify(payload, requirements)).toMatchObject({ isValid: true });
    expect(await chain.permit2NonceUsed(payer.address, nonceOf(payload))).toBe(false);
    expect(await stage.client.settle(payload, requirements)).toMatchObject({ success: true });
    expect(await chain.permit2NonceUsed(payer.address, nonceOf(payload))).toBe(true);
    expect(await chain.balanceOf(seller)).toBe(PRICE_ATOMIC);
    const again = await stage.client.verify(payload, requirements);
    expect(again).toMatchObject({ isValid: false, invalidReason: 'permit2_simulation_failed' });
    expect(await debits(chain, payer.address)).toEqual({ count: 1, left: FUNDS_ATOMIC - PRICE_ATOMIC });
  });

  it('says that an allowance for Permit2 is missing, and takes one that is signed along', async () => {
    const [payer, seller] = [await newPayer(chain, FUNDS_ATOMIC), newSeller()];
    const requirements = requirementsOn(chain, seller, 'exact', PERMIT2);
    const without = await stage.client.verify(await payloadOf(payer, requirements), requirements);
    expect(without).toMatchObject({ isValid: false, invalidReason: 'permit2_allowance_required' });
    const payload = await payloadOf(payer, requirements, chain.rpcUrl);
    expect(await stage.client.settle(payload, requirements)).toMatchObject({ success: true });
    expect(await chain.balanceOf(seller)).toBe(PRICE_ATOMIC);
  });

  it.each([
    ['nothing', 0n, { success: true, transaction: '', amount: '0' }],
    ['a part', 1_234n, { success: true, amount: '1234' }],
    ['the ceiling', PRICE_ATOMIC, { success: true, amount: String(PRICE_ATOMIC) }],
    [
      'one more',
      PRICE_ATOMIC + 1n,
      { success: false, errorReason: 'invalid_upto_evm_payload_settlement_exceeds_amount' },
    ],
  ])('settles upto with %s', async (_, amount, answer) => {
    const [payer, seller] = [await newPayer(chain, FUNDS_ATOMIC), newSeller()];
    await chain.approvePermit2(payer.address);
    const requirements = requirementsOn(chain, seller, 'upto', { facilitatorAddress: facilitatorAddress() });
    const payload = await payloadOf(payer, requirements);
    expect(await stage.client.verify(payload, requirements)).toMatchObject({ isValid: true });
    const settled = await stage.client.settle(payload, { ...requirements, amount: String(amount) });
    expect(settled).toMatchObject(answer);
    const paid = answer.success ? amount : 0n;
    expect(await chain.balanceOf(seller)).toBe(paid);
    expect(await debits(chain, payer.address)).toEqual({ count: paid > 0n ? 1 : 0, left: FUNDS_ATOMIC - paid });
  });

  it('takes payments of a contract wallet, by the token and by Permit2', async () => {
    const [wallet, seller] = [await newWallet(chain, FUNDS_ATOMIC), newSeller()];
    await chain.approvePermit2(wallet.address);
    for (const extra of [{}, PERMIT2]) {
      const requirements = requirementsOn(chain, seller, 'exact', extra);
      const payload = await payloadOf(wallet, requirements);
      expect((payload.payload.signature as Hex).length).toBeGreaterThan(132);
      expect(await stage.client.verify(payload, requirements)).toMatchObject({ isValid: true, payer: wallet.address });
      expect(await stage.client.settle(payload, requirements)).toMatchObject({ success: true });
    }
    expect(await chain.balanceOf(seller)).toBe(2n * PRICE_ATOMIC);
    const stranger = await newPayer(chain, 0n);
    const requirements = requirementsOn(chain, seller, 'exact');
    const forged = await payloadOf({ ...wallet, signTypedData: stranger.signTypedData as never }, requirements);
    expect(await stage.client.verify(forged, requirements)).toMatchObject({ isValid: false });
  });
});

it('refuses on one chain what was signed for the other', async () => {
  const [sepolia, base] = stage.chains;
  const payer = await newPayer(sepolia, FUNDS_ATOMIC);
  await base.mint(payer.address, FUNDS_ATOMIC);
  const seller = newSeller();
  const there = requirementsOn(base, seller, 'exact');
  const payload = await payloadOf(payer, requirementsOn(sepolia, seller, 'exact'));
  const moved = { ...payload, accepted: there };
  const answer = await stage.client.verify(moved, there);
  expect(answer).toMatchObject({ isValid: false, invalidReason: 'invalid_exact_evm_signature' });
  expect(await stage.client.settle(moved, there)).toMatchObject({ success: false });
  expect(await base.balanceOf(payer.address)).toBe(FUNDS_ATOMIC);
});
