import { createClient, type Hex, http, publicActions } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { tempoChain } from '../chain/tempo/tempo-chain.ts';
import type { Mppx, MppxSession } from './mppx.ts';

/** Who pays by signed authorizations of a token whose EIP-712 name is USDC, version 2. */
export interface EvmPayer {
  readonly privateKey: Hex;
  readonly chainId: number;
  readonly usdc: string;
}

/** Who pays by transactions of Tempo, sent by the seller. */
export interface TempoPayer {
  readonly privateKey: Hex;
  readonly rpcUrl: string;
}

/** Who pays by tokens that the seller's own account of Stripe grants, as its test helpers can. */
export interface StripePayer {
  readonly url: string;
  readonly secretKey: string;
  readonly paymentMethod: string;
}

/** Method `evm` of mppx. */
export function mppxEvm(mppx: Mppx, { privateKey, chainId, usdc }: EvmPayer): unknown {
  const account = mppx.privateKeyToAccount(privateKey);
  const authorization = { name: 'USDC', version: '2' };
  return mppx.client.evm.charge({ account, authorization, networks: [chainId], currencies: [usdc] });
}

/** Method `evm` of mppx with the USDC of both networks of local chains, which it knows. */
export function mppxKnownEvm(mppx: Mppx, { privateKey }: Pick<EvmPayer, 'privateKey'>): unknown {
  const { charge, assets } = mppx.client.evm;
  const currencies = [assets.baseSepolia.USDC, assets.base.USDC];
  return charge({ account: mppx.privateKeyToAccount(privateKey), currencies });
}

/** Method `tempo` of mppx by vouchers of a channel, which gets at most `maxDeposit` dollars. */
export function mppxTempoSession(mppx: Mppx, wallet: TempoPayer, maxDeposit: string): unknown {
  return mppx.client.tempo.session({ ...tempoWallet(mppx, wallet), maxDeposit });
}

/** A session of its own, which opens, tops up and closes its channel. */
export function mppxSession(
  mppx: Mppx,
  wallet: TempoPayer,
  maxDeposit: string,
  by: typeof fetch = globalThis.fetch,
): MppxSession {
  const { account, client } = tempoWallet(mppx, wallet);
  return mppx.client.tempo.session.manager({ account, client, maxDeposit, fetch: by });
}

/** Method `tempo` of mppx. */
export function mppxTempo(mppx: Mppx, wallet: TempoPayer): unknown {
  const { account, getClient } = tempoWallet(mppx, wallet);
  return mppx.client.tempo.charge({ account, mode: 'pull', getClient });
}

function tempoWallet(mppx: Mppx, { privateKey, rpcUrl }: TempoPayer) {
  const chain = { chain: tempoChain(rpcUrl), transport: http(rpcUrl), pollingInterval: 50 };
  const client = createClient({ account: privateKeyToAccount(privateKey), ...chain }).extend(publicActions);
  return { account: mppx.privateKeyToAccount(privateKey), client, getClient: () => client };
}

/** Method `stripe` of mppx. */
export function mppxStripe(mppx: Mppx, payer: StripePayer): unknown {
  const { paymentMethod } = payer;
  return mppx.client.stripe.charge({
    paymentMethod,
    createToken: async (wanted) => {
      const token = await askStripe(payer, '/v1/test_helpers/shared_payment/granted_tokens', {
        payment_method: paymentMethod,
        'usage_limits[currency]': wanted.currency,
        'usage_limits[max_amount]': wanted.amount,
        'usage_limits[expires_at]': String(wanted.expiresAt),
        'seller_details[network_id]': wanted.networkId,
      });
      return String(token.id);
    },
  });
}

/** One request of Stripe's API: a GET without a form. Throws for any answer but a success. */
export async function askStripe(
  { url, secretKey }: Pick<StripePayer, 'url' | 'secretKey'>,
  path: string,
  form?: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${secretKey}`, 'stripe-version': '2026-07-29.preview' };
  const init = form === undefined ? { headers } : { method: 'POST', headers, body: new URLSearchParams(form) };
  const response = await fetch(`${url}${path}`, init);
  const document = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(JSON.stringify(document));
  return document;
}
