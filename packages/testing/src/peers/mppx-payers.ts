import type { Hex } from 'viem';
import { localNetwork } from '../chain/network.ts';
import type { Mppx, MppxClient, MppxSession } from './mppx.ts';
import { mppxEvm, mppxSession, mppxStripe, mppxTempo, type StripePayer, type TempoPayer } from './mppx-methods.ts';

/** Unmodified clients of mppx; each knows one method. */
export interface MppxPayers {
  /** With the USDC of Base Sepolia. */
  evm(wallet: { readonly privateKey: Hex; readonly chainId: number }): MppxClient;
  /** With a shared payment token, of a card that works unless another method is named. */
  stripe(account: Omit<StripePayer, 'paymentMethod'> & { readonly paymentMethod?: string }): MppxClient;
  tempo(wallet: TempoPayer): MppxClient;
  /** By vouchers of a channel, which gets at most `maxDeposit` dollars. */
  session(wallet: TempoPayer, maxDeposit: string, fetch?: typeof globalThis.fetch): MppxSession;
}

/** Payers by mppx. */
export function mppxPayers(mppx: Mppx): MppxPayers {
  const knowing = (method: unknown) => mppx.client.Mppx.create({ polyfill: false, methods: [method] });
  return {
    evm: ({ privateKey, chainId }) =>
      knowing(mppxEvm(mppx, { privateKey, chainId, usdc: localNetwork(chainId).usdc.address })),
    stripe: (account) => knowing(mppxStripe(mppx, { paymentMethod: 'pm_card_visa', ...account })),
    tempo: (wallet) => knowing(mppxTempo(mppx, wallet)),
    session: (wallet, maxDeposit, fetch) => mppxSession(mppx, wallet, maxDeposit, fetch),
  };
}
