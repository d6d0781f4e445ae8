/** Networks with a dollar token that x402 clients know, as people call them. */
export const NETWORKS: readonly { readonly network: string; readonly name: string }[] = [
  { network: 'eip155:8453', name: 'Base' },
  { network: 'eip155:84532', name: 'Base Sepolia (test money)' },
];

/** `Base Sepolia` for `eip155:84532`; an unknown network keeps its id. */
export function networkName(network: string): string {
  const known = NETWORKS.find((each) => each.network === network);
  return known ? known.name.replace(/ \(.*\)$/, '') : network;
}
