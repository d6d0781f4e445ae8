import type { Hex } from 'viem';

/** A network whose id a local chain may take, and the token that clients expect there. */
export interface LocalNetwork {
  readonly chainId: number;
  /** CAIP-2. */
  readonly network: `eip155:${number}`;
  /** What x402 version 1 calls it. */
  readonly v1Name: string;
  /** Where USDC stands there, and the EIP-712 domain under which it is signed for. */
  readonly usdc: { readonly address: Hex; readonly name: string; readonly version: string; readonly contract: string };
}

/** Test money. */
export const BASE_SEPOLIA: LocalNetwork = {
  chainId: 84_532,
  network: 'eip155:84532',
  v1Name: 'base-sepolia',
  usdc: {
    address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    name: 'USDC',
    version: '2',
    contract: 'Usdc',
  },
};

/**
 * The one other network whose USDC every official client knows without being told: both versions of x402, and mppx. A
 * signature for it is one for the real network, too, so that only the published keys may sign.
 */
export const BASE: LocalNetwork = {
  chainId: 8453,
  network: 'eip155:8453',
  v1Name: 'base',
  usdc: {
    address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    name: 'USD Coin',
    version: '2',
    contract: 'UsdCoin',
  },
};

/** The network with that id. Throws for one that no local chain takes. */
export function localNetwork(chainId: number): LocalNetwork {
  const found = [BASE_SEPOLIA, BASE].find((network) => network.chainId === chainId);
  if (found === undefined) throw new Error(`no local chain has the id ${chainId}`);
  return found;
}
