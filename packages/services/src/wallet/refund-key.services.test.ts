import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as services from '../index.ts';

const KEYS = [`0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`] as const;
/** The addresses of those keys. */
const SENDERS = ['0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A', '0x1563915e194D8CfBA1943570603F7606A3115508'] as const;
const payment = { livemode: true, network: 'eip155:84532', asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' };

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

const setKey = (walletId: string, refundKey: string | null) =>
  services.setRefundKey(harness.ctx, world.owner, { providerId: world.providerId, walletId, refundKey });
const opened = () => services.openRefundKey(harness.ctx, { providerId: world.providerId, ...payment });

describe('the refund key of a wallet', () => {
  it('shows its address only, and neither the answer nor the audit log holds the key', async () => {
    const wallet = await setKey(world.walletId, KEYS[0]);
    expect(wallet).toMatchObject({ id: world.walletId, refundFrom: SENDERS[0] });
    const entry = await harness.owner.auditEntry.findFirst({ where: { action: 'wallet.refund-key' } });
    expect(entry).toMatchObject({ before: { refundFrom: null }, after: { refundFrom: SENDERS[0] } });
    expect(JSON.stringify([wallet, entry?.after])).not.toContain('1'.repeat(64));
    expect(await opened()).toBe(KEYS[0]);
  });

  it('stays with the network and token when the wallet is replaced, and can be rotated', async () => {
    const { providerId, owner } = world;
    const replaced = await services.setWallet(harness.ctx, owner, {
      ...{ providerId, network: payment.network },
      payTo: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    });
    expect(replaced.refundFrom).toBe(SENDERS[0]);
    expect((await setKey(replaced.id, KEYS[1])).refundFrom).toBe(SENDERS[1]);
    expect(await opened()).toBe(KEYS[1]);
  });

  it('is forgotten for every wallet of its network and token', async () => {
    const [wallet] = (await services.listWallets(harness.ctx, world.owner, { providerId: world.providerId })).items;
    expect((await setKey(wallet?.id ?? '', null)).refundFrom).toBeNull();
    expect(await opened()).toBeNull();
  });

  it('must be a key of the curve, of a wallet that is in use', async () => {
    const [wallet] = (await services.listWallets(harness.ctx, world.owner, { providerId: world.providerId })).items;
    await expect(setKey(wallet?.id ?? '', `0x${'0'.repeat(64)}`)).rejects.toMatchObject({
      problem: { slug: 'invalid-input' },
    });
    await expect(setKey(world.walletId, KEYS[0])).rejects.toMatchObject({ problem: { slug: 'not-found' } });
  });
});
