import { createTestClient, type Hex, http, publicActions, walletActions } from 'viem';
import { baseSepolia } from 'viem/chains';
import { chainAccounts } from './accounts.ts';
import artifact from './token/token.artifact.json' with { type: 'json' };

/** Where USDC stands on Base Sepolia; the local token stands at the same address. */
export const usdcAddress: Hex = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';

const abi = [
  {
    type: 'function',
    name: 'mint',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'value', type: 'uint256' },
    ],
    outputs: [],
  },
  {
    type: 'function',
    name: 'balanceOf',
    stateMutability: 'view',
    inputs: [{ name: 'account', type: 'address' }],
    outputs: [{ name: '', type: 'uint256' }],
  },
  {
    type: 'function',
    name: 'authorizationState',
    stateMutability: 'view',
    inputs: [
      { name: 'authorizer', type: 'address' },
      { name: 'nonce', type: 'bytes32' },
    ],
    outputs: [{ name: '', type: 'bool' }],
  },
] as const;

/** What tests and the local demo ask of a running chain. Amounts are in the token's unit, a millionth of a dollar. */
export type Ledger = {
  /** Puts the token at its address if it is not there yet. */
  prepare(): Promise<void>;
  mint(to: Hex, amountAtomic: bigint): Promise<void>;
  balanceOf(account: Hex): Promise<bigint>;
  authorizationUsed(authorizer: Hex, nonce: Hex): Promise<boolean>;
  /** Mines a block; `seconds` moves the clock of the chain forward for it and after it. */
  mine(seconds?: number): Promise<void>;
};

/** Talks to the chain at `rpcUrl` as its first account. */
export function openLedger(rpcUrl: string): Ledger {
  const client = createTestClient({ mode: 'anvil', chain: baseSepolia, transport: http(rpcUrl), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
  const account = chainAccounts()[9]?.address;
  if (account === undefined) throw new Error('the chain has no accounts');
  const address = usdcAddress;
  return {
    prepare: async () => {
      const code = await client.getCode({ address });
      if (code !== artifact.deployedBytecode)
        await client.setCode({ address, bytecode: artifact.deployedBytecode as Hex });
    },
    mint: async (to, amountAtomic) => {
      const hash = await client.writeContract({
        account,
        address,
        abi,
        functionName: 'mint',
        args: [to, amountAtomic],
      });
      const receipt = await client.waitForTransactionReceipt({ hash });
      if (receipt.status !== 'success') throw new Error(`mint failed: ${hash}`);
    },
    balanceOf: (holder) => client.readContract({ address, abi, functionName: 'balanceOf', args: [holder] }),
    authorizationUsed: (authorizer, nonce) =>
      client.readContract({ address, abi, functionName: 'authorizationState', args: [authorizer, nonce] }),
    mine: (seconds = 0) => client.mine({ blocks: 1, ...(seconds > 0 ? { interval: seconds } : {}) }),
  };
}
