/** A USDC deployment as its contract describes itself in EIP-712. */
export interface KnownToken {
  readonly network: string;
  readonly networkName: string;
  readonly asset: string;
  readonly tokenName: string;
  readonly tokenVersion: string;
  readonly decimals: number;
}

/** USDC where x402 clients expect it. Another token is named in full. */
export const KNOWN_TOKENS: readonly KnownToken[] = [
  {
    network: 'eip155:8453',
    networkName: 'Base',
    asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    tokenName: 'USD Coin',
    tokenVersion: '2',
    decimals: 6,
  },
  {
    network: 'eip155:84532',
    networkName: 'Base Sepolia',
    asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    tokenName: 'USDC',
    tokenVersion: '2',
    decimals: 6,
  },
];
