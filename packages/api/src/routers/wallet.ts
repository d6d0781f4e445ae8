import {
  listWallets,
  listWalletsInput,
  listWalletsOutput,
  removeWallet,
  removeWalletInput,
  removeWalletOutput,
  setWallet,
  setWalletInput,
  setWalletOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Where x402 payments go. */
export const walletRouter = router({
  list: query({
    input: listWalletsInput,
    output: listWalletsOutput,
    run: listWallets,
    rest: 'GET /wallets',
    summary: 'List wallets',
  }),
  set: mutation({
    input: setWalletInput,
    output: setWalletOutput,
    run: setWallet,
    rest: 'POST /wallets',
    summary: 'Set the wallet of a network',
  }),
  remove: mutation({
    input: removeWalletInput,
    output: removeWalletOutput,
    run: removeWallet,
    rest: 'DELETE /wallets/{walletId}',
    summary: 'Remove a wallet',
  }),
});
