import { apiSnapshot } from '@tollwright/contracts';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as services from '../index.ts';

const payTo = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const token = { asset: payTo, name: 'Dollar', version: '1', decimals: 18 };

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

type Wanted = Omit<Parameters<typeof services.setWallet>[2], 'providerId' | 'payTo'>;
const set = (wanted: Wanted) =>
  services.setWallet(harness.ctx, world.owner, { providerId: world.providerId, payTo, ...wanted });
const published = async (network: string) => {
  const found = await harness.gatewayState.directory.getSnapshot(world.apiId);
  const { wallets } = apiSnapshot.parse(JSON.parse(found?.json ?? ''));
  return wallets.flatMap((wallet) =>
    wallet.kind === 'x402' && wallet.network === network ? [wallet.transferMethods] : [],
  );
};

describe('the transfer methods of a wallet', () => {
  it('are the usual ones where none are named, and gateways then hear of none', async () => {
    expect((await set({ network: 'eip155:8453' })).transferMethods).toBeNull();
    expect(await published('eip155:8453')).toEqual([undefined]);
  });

  it('reach gateways as they are set, for each token', async () => {
    await set({ network: 'eip155:8453', transferMethods: ['eip3009', 'permit2'] });
    const other = await set({ network: 'eip155:8453', token, transferMethods: ['permit2'] });
    expect(other.transferMethods).toEqual(['permit2']);
    expect(await published('eip155:8453')).toEqual([['eip3009', 'permit2'], ['permit2']]);
  });

  it.each([
    ['of Tempo, whose transactions are its own', { network: 'eip155:4217', transferMethods: ['permit2'] }],
    ['twice the same', { network: 'eip155:8453', transferMethods: ['permit2', 'permit2'] }],
    ['none', { network: 'eip155:8453', transferMethods: [] }],
    ['one that nobody knows', { network: 'eip155:8453', transferMethods: ['cheque'] }],
  ])('are refused: %s', async (_name, wanted) => {
    await expect(set(wanted as Wanted)).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });
});
