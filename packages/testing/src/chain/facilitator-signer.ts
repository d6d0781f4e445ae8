import { type FacilitatorEvmSigner, toFacilitatorEvmSigner } from '@x402/evm';
import { createWalletClient, type Hex, http, publicActions } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { clientChain } from './client-chain.ts';
import type { LocalNetwork } from './network.ts';
import { takeTurns } from './turns.ts';

/**
 * The account that broadcasts settlements. Sends one transaction after the other, so that two never take the same nonce; with
 * `numbersNothing` as a plain account of viem does, which lets them race.
 */
export function facilitatorSigner(
  rpcUrl: string,
  network: LocalNetwork,
  privateKey: Hex,
  numbersNothing = false,
): FacilitatorEvmSigner {
  const account = privateKeyToAccount(privateKey);
  const client = createWalletClient({
    account,
    chain: clientChain(network, rpcUrl),
    transport: http(rpcUrl),
    pollingInterval: 25,
  }).extend(publicActions);
  const turns = takeTurns();
  const inTurn = (send: (nonce?: number) => Promise<Hex>): Promise<Hex> =>
    numbersNothing
      ? send()
      : turns(async () => send(await client.getTransactionCount({ address: account.address, blockTag: 'pending' })));
  return toFacilitatorEvmSigner(
    {
      address: account.address,
      readContract: (args) => client.readContract({ ...args, args: args.args ?? [] }),
      verifyTypedData: (args) => client.verifyTypedData(args as Parameters<typeof client.verifyTypedData>[0]),
      writeContract: ({ address, abi, functionName, args }) =>
        inTurn((nonce) => client.writeContract({ address, abi, functionName, args, ...numbered(nonce) })),
      sendTransaction: (args) => inTurn((nonce) => client.sendTransaction({ ...args, ...numbered(nonce) })),
      waitForTransactionReceipt: ({ hash, timeout }) =>
        client.waitForTransactionReceipt({ hash, ...(timeout === undefined ? {} : { timeout }) }),
      getCode: (args) => client.getCode(args),
    },
    { confirmationTimeoutMs: 20_000 },
  );
}

function numbered(nonce: number | undefined) {
  return nonce === undefined ? {} : { nonce };
}
