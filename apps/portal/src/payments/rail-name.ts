const RAIL_NAMES: Readonly<Record<string, string>> = {
  x402: 'x402',
  evm: 'MPP evm',
  stripe: 'MPP stripe',
  tempo: 'MPP tempo',
};

/** How a payment was made, as people call it. */
export function railName(rail: string): string {
  return RAIL_NAMES[rail] ?? rail;
}
