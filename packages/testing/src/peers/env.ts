import type { EvmPayer, StripePayer, TempoPayer } from './mppx-methods.ts';

/** Who pays where the CLI of mppx does. */
export interface MppxPayers {
  /** With the USDC of every network that mppx knows. */
  readonly evm: Pick<EvmPayer, 'privateKey'>;
  readonly tempo: TempoPayer;
  readonly stripe: StripePayer;
}

/** The payers that `runMppx` hands to the process of the CLI. */
export function mppxPayers(): MppxPayers {
  return JSON.parse(process.env.MPPX_PAYERS ?? '') as MppxPayers;
}

/** The environment of a process that pays so. */
export function withPayers(payers: MppxPayers, config: string): NodeJS.ProcessEnv {
  return { ...process.env, MPPX_PAYERS: JSON.stringify(payers), MPPX_CONFIG: config };
}
