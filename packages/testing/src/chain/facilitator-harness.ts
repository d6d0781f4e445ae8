import { HTTPFacilitatorClient } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { ExactEvmSchemeV1 } from '@x402/evm/exact/v1/client';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { x402Client } from '@x402/fetch';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type Chain, startChain } from './chain.ts';
import { type Facilitator, startFacilitator } from './facilitator.ts';
import { BASE, BASE_SEPOLIA } from './network.ts';
import { type WalletSigner, walletSigner } from './wallet-signer.ts';

/** What every payment here is for, in the token's unit; half a cent. */
export const PRICE_ATOMIC = 5_000n;

/** Two chains and the facilitator that settles on both, with the official client of a facilitator. */
export interface Stage {
  readonly chains: readonly [Chain, Chain];
  readonly facilitator: Facilitator;
  readonly client: HTTPFacilitatorClient;
  close(): Promise<void>;
}

type PaymentRequired = Parameters<x402Client['createPaymentPayload']>[0];
export type Requirements = PaymentRequired['accepts'][number];
export type Payload = Parameters<HTTPFacilitatorClient['settle']>[0];

export async function openStage(): Promise<Stage> {
  const chains = await Promise.all([
    startChain({ port: 0, chainId: BASE_SEPOLIA.chainId }),
    startChain({ port: 0, chainId: BASE.chainId }),
  ]);
  const rpcUrl = chains.map((chain) => chain.rpcUrl);
  const privateKey = chains[0].accounts[0]?.privateKey as Hex;
  const facilitator = await startFacilitator({ port: 0, rpcUrl, privateKey });
  return {
    ...{ chains, facilitator, client: new HTTPFacilitatorClient({ url: facilitator.url }) },
    close: async () => {
      await facilitator.close();
      await Promise.all(chains.map((chain) => chain.close()));
    },
  };
}

/** A key holder with `fundsAtomic` on the chain. */
export async function newPayer(chain: Chain, fundsAtomic: bigint) {
  const account = privateKeyToAccount(generatePrivateKey());
  await chain.mint(account.address, fundsAtomic);
  return account;
}

/** A contract wallet with `fundsAtomic` on the chain. */
export async function newWallet(chain: Chain, fundsAtomic: bigint): Promise<WalletSigner> {
  const ownerKey = generatePrivateKey();
  const address = await chain.deployWallet(privateKeyToAccount(ownerKey).address);
  await chain.mint(address, fundsAtomic);
  return walletSigner(address, ownerKey);
}

/** A seller nobody paid before. */
export function newSeller(): Hex {
  return privateKeyToAccount(generatePrivateKey()).address;
}

/** What a seller asks on that chain. `extra` is added to the token's domain. */
export function requirementsOn(
  { network, usdc }: Chain,
  payTo: Hex,
  scheme: 'exact' | 'upto',
  extra: object = {},
): Requirements {
  const { name, version } = network.usdc;
  return {
    ...{ scheme, network: network.network, amount: String(PRICE_ATOMIC), asset: usdc, payTo },
    ...{ maxTimeoutSeconds: 300, extra: { name, version, ...extra } },
  };
}

/** Pays by the unmodified client of version 2; with `rpcUrl` it may also sign an allowance along. */
export async function payloadOf(signer: WalletSigner, accepted: Requirements, rpcUrl?: string): Promise<Payload> {
  const options = rpcUrl === undefined ? {} : { rpcUrl };
  const client = new x402Client()
    .register(accepted.network, new ExactEvmScheme(signer, options))
    .register(accepted.network, new UptoEvmScheme(signer, options));
  const extensions = rpcUrl === undefined ? {} : { extensions: { eip2612GasSponsoring: { info: {}, schema: {} } } };
  return client.createPaymentPayload({
    ...{ x402Version: 2, resource: { url: 'http://127.0.0.1/weather' }, accepts: [accepted] },
    ...extensions,
  });
}

/** The same in version 1, with what a seller of it asks. */
export async function payloadV1Of(signer: WalletSigner, chain: Chain, payTo: Hex) {
  const { extra, asset, maxTimeoutSeconds } = requirementsOn(chain, payTo, 'exact');
  const accepted = {
    ...{ scheme: 'exact', network: chain.network.v1Name, maxAmountRequired: String(PRICE_ATOMIC), asset, payTo },
    ...{ maxTimeoutSeconds, extra, resource: 'http://127.0.0.1/weather', description: '', mimeType: '' },
  };
  // The library's types are those of version 2, though it reads both.
  const requirements = accepted as unknown as Requirements;
  const payload = await new ExactEvmSchemeV1(signer).createPaymentPayload(1, requirements);
  return { payload: payload as unknown as Payload, requirements };
}
