/** Payments by token authorizations, or by Tempo's own transactions. */
export type WalletKind = 'x402' | 'tempo';

/** A dollar token as its contract describes itself in EIP-712. */
export interface KnownToken {
  readonly kind: WalletKind;
  readonly network: string;
  readonly networkName: string;
  readonly asset: string;
  readonly tokenName: string;
  readonly tokenVersion: string;
  readonly decimals: number;
}

/** The dollar that clients expect on a network. Another token is named in full. */
export const KNOWN_TOKENS: readonly KnownToken[] = [
  {
    kind: 'x402',
    network: 'eip155:8453',
    networkName: 'Base',
    asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    tokenName: 'USD Coin',
    tokenVersion: '2',
    decimals: 6,
  },
  {
    kind: 'x402',
    network: 'eip155:84532',
    networkName: 'Base Sepolia',
    asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    tokenName: 'USDC',
    tokenVersion: '2',
    decimals: 6,
  },
  {
    kind: 'tempo',
    network: 'eip155:4217',
    networkName: 'Tempo',
    asset: '0x20C000000000000000000000b9537d11c60E8b50',
    tokenName: 'USDC.e',
    tokenVersion: '1',
    decimals: 6,
  },
  {
    kind: 'tempo',
    network: 'eip155:42431',
    networkName: 'Tempo testnet',
    asset: '0x20C0000000000000000000000000000000000000',
    tokenName: 'pathUSD',
    tokenVersion: '1',
    decimals: 6,
  },
];

/** What payments on a network are made with. */
export function walletKindOf(network: string): WalletKind {
  return KNOWN_TOKENS.find((token) => token.network === network)?.kind ?? 'x402';
}
