import {
  listWallets,
  listWalletsInput,
  listWalletsOutput,
  removeWallet,
  removeWalletInput,
  removeWalletOutput,
  setRefundKey,
  setRefundKeyInput,
  setRefundKeyOutput,
  setWallet,
  setWalletInput,
  setWalletOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Where token payments go, and where refunds of them come from. */
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
  setRefundKey: mutation({
    input: setRefundKeyInput,
    output: setRefundKeyOutput,
    run: setRefundKey,
    rest: 'PUT /wallets/{walletId}/refund-key',
    summary: "Set or forget a wallet's refund key",
  }),
  remove: mutation({
    input: removeWalletInput,
    output: removeWalletOutput,
    run: removeWallet,
    rest: 'DELETE /wallets/{walletId}',
    summary: 'Remove a wallet',
  }),
});
