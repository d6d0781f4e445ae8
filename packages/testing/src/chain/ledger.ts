import {
  createTestClient,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  http,
  maxUint256,
  parseAbi,
  publicActions,
  walletActions,
} from 'viem';
import { chainAccounts } from './accounts.ts';
import { clientChain } from './client-chain.ts';
import { creationCodeOf, PERMIT2_ADDRESS, placeContracts } from './contracts/place.ts';
import { BASE_SEPOLIA, type LocalNetwork } from './network.ts';
import { rpcAt } from './rpc.ts';
import { takeTurns } from './turns.ts';

/** Where USDC stands on Base Sepolia; the local token stands at the same address. */
export const usdcAddress: Hex = BASE_SEPOLIA.usdc.address;

const tokenAbi = parseAbi([
  'function mint(address to, uint256 value)',
  'function approve(address spender, uint256 value) returns (bool)',
  'function allowance(address owner, address spender) view returns (uint256)',
  'function balanceOf(address account) view returns (uint256)',
  'function authorizationState(address authorizer, bytes32 nonce) view returns (bool)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
]);
const permit2Abi = parseAbi(['function nonceBitmap(address owner, uint256 word) view returns (uint256)']);

/** A movement of the token, in the order of the chain. `from` is the zero address where it was minted. */
export interface Transfer {
  readonly from: Hex;
  readonly to: Hex;
  readonly amountAtomic: bigint;
  readonly transactionHash: Hex;
}

/** What tests and the local demo ask of a running chain. Amounts are in the token's unit, a millionth of a dollar. */
export type Ledger = {
  /** Puts token, Permit2 and x402's proxies at their addresses where they are not there yet. */
  prepare(): Promise<void>;
  mint(to: Hex, amountAtomic: bigint): Promise<void>;
  balanceOf(account: Hex): Promise<bigint>;
  authorizationUsed(authorizer: Hex, nonce: Hex): Promise<boolean>;
  /** Whether a payment by Permit2 with that nonce was made, or its nonce taken back. */
  permit2NonceUsed(owner: Hex, nonce: bigint): Promise<boolean>;
  /** All that was ever paid, or all of one payer: how often somebody was debited is the length of it. */
  transfers(from?: Hex): Promise<readonly Transfer[]>;
  /** Lets Permit2 move all that the account has, if it may not yet; also of accounts without a key, or without gas. */
  approvePermit2(account: Hex): Promise<void>;
  /** Makes a contract wallet (ERC-1271) for that owner and answers its address. */
  deployWallet(owner: Hex): Promise<Hex>;
  /** Mines a block; `seconds` moves the clock of the chain forward for it and after it. */
  mine(seconds?: number): Promise<void>;
};

/** Talks to the chain at `rpcUrl` as its last account. The network is Base Sepolia unless given. */
export function openLedger(rpcUrl: string, network: LocalNetwork = BASE_SEPOLIA): Ledger {
  const client = clientOf(rpcUrl, network);
  const account = chainAccounts()[9]?.address;
  if (account === undefined) throw new Error('the chain has no accounts');
  const inTurn = takeTurns();
  const token = { address: network.usdc.address, abi: tokenAbi } as const;
  const mined = async (what: string, hash: Hex) => {
    const receipt = await client.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`${what} failed: ${hash}`);
    return receipt;
  };
  return {
    prepare: () => placeContracts(rpcAt(rpcUrl), network),
    mint: async (to, amountAtomic) => {
      const args = [to, amountAtomic] as const;
      await mined('mint', await inTurn(() => client.writeContract({ ...token, account, functionName: 'mint', args })));
    },
    balanceOf: (holder) => client.readContract({ ...token, functionName: 'balanceOf', args: [holder] }),
    authorizationUsed: (authorizer, nonce) =>
      client.readContract({ ...token, functionName: 'authorizationState', args: [authorizer, nonce] }),
    permit2NonceUsed: async (owner, nonce) => {
      const permit2 = { address: PERMIT2_ADDRESS, abi: permit2Abi } as const;
      const bits = await client.readContract({ ...permit2, functionName: 'nonceBitmap', args: [owner, nonce >> 8n] });
      return ((bits >> (nonce & 0xffn)) & 1n) === 1n;
    },
    transfers: (from) => transfersOn(client, token.address, from),
    approvePermit2: async (holder) => {
      const args = [holder, PERMIT2_ADDRESS] as const;
      if ((await client.readContract({ ...token, functionName: 'allowance', args })) === maxUint256) return;
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [PERMIT2_ADDRESS, maxUint256] });
      await mined('approve', await sendAs(client, holder, token.address, data));
    },
    deployWallet: async (owner) => {
      const argument = encodeAbiParameters([{ type: 'address' }], [owner]);
      const data: Hex = `${creationCodeOf('Wallet')}${argument.slice(2)}`;
      const { contractAddress } = await mined(
        'deployment',
        await inTurn(() => client.sendTransaction({ account, data })),
      );
      if (!contractAddress) throw new Error('a deployment gave no address');
      return contractAddress;
    },
    mine: (seconds = 0) => client.mine({ blocks: 1, ...(seconds > 0 ? { interval: seconds } : {}) }),
  };
}

type Client = ReturnType<typeof clientOf>;

function clientOf(rpcUrl: string, network: LocalNetwork) {
  const chain = clientChain(network, rpcUrl);
  return createTestClient({ mode: 'anvil', chain, transport: http(rpcUrl), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
}

/** Sends a transaction of any account, for anvil asks nobody for a signature; gives it gas. */
async function sendAs(client: Client, sender: Hex, to: Hex, data: Hex): Promise<Hex> {
  await client.impersonateAccount({ address: sender });
  await client.setBalance({ address: sender, value: 10n ** 18n });
  const hash = await client.sendTransaction({ account: sender, to, data });
  await client.stopImpersonatingAccount({ address: sender });
  return hash;
}

async function transfersOn(client: Client, address: Hex, from?: Hex): Promise<readonly Transfer[]> {
  const logs = await client.getContractEvents({
    ...({ address, abi: tokenAbi, eventName: 'Transfer', fromBlock: 'earliest', strict: true } as const),
    ...(from === undefined ? {} : { args: { from } }),
  });
  return logs.map(({ args, transactionHash }) => ({
    ...{ from: args.from, to: args.to, amountAtomic: args.value, transactionHash },
  }));
}
