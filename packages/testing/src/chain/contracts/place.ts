import type { Hex } from 'viem';
import type { LocalNetwork } from '../network.ts';
import type { Rpc } from '../rpc.ts';
import artifacts from './artifacts.json' with { type: 'json' };

/** Permit2, at the same address on every network. */
export const PERMIT2_ADDRESS: Hex = '0x000000000022D473030F116dDEE9F6B43aC78BA3';
/** The spender of x402's scheme `exact` where it pays by Permit2. */
export const EXACT_PROXY_ADDRESS: Hex = '0x402085c248EeA27D92E8b30b2C58ed07f9E20001';
/** The spender of x402's scheme `upto`. */
export const UPTO_PROXY_ADDRESS: Hex = '0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002';

const MULTICALL_ADDRESS: Hex = '0xcA11bde05977b3631167028862bE2a173976CA11';

/** A contract's code and the address where clients look for it. */
export interface Placed {
  readonly address: Hex;
  readonly code: Hex;
}

/** What has to stand on a local chain for the official clients and facilitators to work unchanged. */
export function contractsOf({ usdc }: LocalNetwork): readonly Placed[] {
  return [
    { address: usdc.address, code: codeOf(usdc.contract) },
    { address: PERMIT2_ADDRESS, code: codeOf('Permit2') },
    { address: EXACT_PROXY_ADDRESS, code: codeOf('ExactProxy') },
    { address: UPTO_PROXY_ADDRESS, code: codeOf('UptoProxy') },
    { address: MULTICALL_ADDRESS, code: codeOf('Multicall') },
  ];
}

/** Puts what is not there yet where it belongs; balances stay. */
export async function placeContracts(rpc: Rpc, network: LocalNetwork): Promise<void> {
  for (const { address, code } of contractsOf(network)) {
    if ((await rpc('eth_getCode', [address, 'latest'])) !== code) await rpc('anvil_setCode', [address, code]);
  }
}

/** The code of a contract of this folder as it stands on a chain. */
export function codeOf(name: string): Hex {
  return artifactOf(name).deployedBytecode as Hex;
}

/** The code that deploys a contract of this folder; the arguments of its constructor go behind it. */
export function creationCodeOf(name: string): Hex {
  return artifactOf(name).bytecode as Hex;
}

function artifactOf(name: string) {
  const found = Object.entries(artifacts.contracts).find(([key]) => key === name);
  if (found === undefined) throw new Error(`there is no contract ${name}`);
  return found[1];
}
