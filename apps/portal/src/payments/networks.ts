import { railName } from './rail-name.ts';

/** Networks with a dollar token that clients know without being told, as people call them. */
export const NETWORKS: readonly {
  readonly network: string;
  readonly name: string;
  readonly token: string;
  /** By token authorizations, or by Tempo's own transactions. */
  readonly kind: 'x402' | 'tempo';
}[] = [
  { network: 'eip155:8453', name: 'Base', token: 'USDC', kind: 'x402' },
  { network: 'eip155:84532', name: 'Base Sepolia (test money)', token: 'USDC', kind: 'x402' },
  { network: 'eip155:4217', name: 'Tempo', token: 'USDC.e', kind: 'tempo' },
  { network: 'eip155:42431', name: 'Tempo testnet (test money)', token: 'pathUSD', kind: 'tempo' },
];

/** `Base Sepolia` for `eip155:84532`; an unknown network keeps its id. */
export function networkName(network: string): string {
  if (network === 'stripe') return 'Stripe';
  const known = NETWORKS.find((each) => each.network === network);
  return known ? known.name.replace(/ \(.*\)$/, '') : network;
}

/** Ways to pay, for filters. */
export const RAIL_OPTIONS = (['x402', 'evm', 'stripe', 'tempo'] as const).map((value) => ({
  value,
  label: railName(value),
}));
