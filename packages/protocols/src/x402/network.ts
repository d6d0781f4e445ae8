const evmNetworks: readonly (readonly [name: string, chainId: number])[] = [
  ['abstract', 2741],
  ['abstract-testnet', 11124],
  ['avalanche', 43114],
  ['avalanche-fuji', 43113],
  ['base', 8453],
  ['base-sepolia', 84532],
  ['educhain', 41923],
  ['iotex', 4689],
  ['peaq', 3338],
  ['polygon', 137],
  ['polygon-amoy', 80002],
  ['sei', 1329],
  ['sei-testnet', 1328],
  ['skale-base-sepolia', 324705682],
  ['story', 1514],
];
const nameByCaip2 = new Map(evmNetworks.map(([name, id]) => [`eip155:${id}`, name]));
const caip2ByName = new Map(evmNetworks.map(([name, id]) => [name, `eip155:${id}`]));
const evmCaip2 = /^eip155:([1-9]\d{0,14})$/;

/** The chain id of an EVM network in CAIP-2 form such as `eip155:8453`; null for any other text. */
export function chainIdOf(network: string): bigint | null {
  const digits = evmCaip2.exec(network)?.[1];
  return digits === undefined ? null : BigInt(digits);
}

/** The name that version 1 gives to a CAIP-2 network, such as `base`; null when version 1 has none. */
export function toNetworkName(network: string): string | null {
  return nameByCaip2.get(network) ?? null;
}

/** The CAIP-2 form of a version 1 name; null when the name is unknown. */
export function fromNetworkName(name: string): string | null {
  return caip2ByName.get(name) ?? null;
}
