import { type FacilitatorEvmSigner, toFacilitatorEvmSigner } from '@x402/evm';
import { createWalletClient, type Hex, http, publicActions } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { baseSepolia } from 'viem/chains';

/** The account that broadcasts settlements. Sends one transaction after the other, so that two never take the same nonce. */
export function facilitatorSigner(rpcUrl: string, privateKey: Hex): FacilitatorEvmSigner {
  const account = privateKeyToAccount(privateKey);
  const client = createWalletClient({
    account,
    chain: baseSepolia,
    transport: http(rpcUrl),
    pollingInterval: 25,
  }).extend(publicActions);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (send: (nonce: number) => Promise<Hex>): Promise<Hex> => {
    const turn = last.then(async () =>
      send(await client.getTransactionCount({ address: account.address, blockTag: 'pending' })),
    );
    last = turn.catch(() => undefined);
    return turn;
  };
  return toFacilitatorEvmSigner(
    {
      address: account.address,
      readContract: (args) => client.readContract({ ...args, args: args.args ?? [] }),
      verifyTypedData: (args) => client.verifyTypedData(args as Parameters<typeof client.verifyTypedData>[0]),
      writeContract: ({ address, abi, functionName, args }) =>
        inTurn((nonce) => client.writeContract({ address, abi, functionName, args, nonce })),
      sendTransaction: (args) => inTurn((nonce) => client.sendTransaction({ ...args, nonce })),
      waitForTransactionReceipt: ({ hash, timeout }) =>
        client.waitForTransactionReceipt({ hash, ...(timeout === undefined ? {} : { timeout }) }),
      getCode: (args) => client.getCode(args),
    },
    { confirmationTimeoutMs: 20_000 },
  );
}
