import { type Chain, defineChain } from 'viem';
import type { LocalNetwork } from './network.ts';

/** The network as viem's clients want it: a chain that anvil runs, without the extras of the one it stands for. */
export function clientChain({ chainId, v1Name }: LocalNetwork, rpcUrl: string): Chain {
  return defineChain({
    id: chainId,
    name: `local ${v1Name}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
}
