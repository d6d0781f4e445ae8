import type { Tx } from '@tollwright/db';

/**
 * Moves a running transaction on to another provider. Checks that wait for the end of the transaction run now, while
 * their rows can still be seen.
 */
export async function enterProvider(tx: Tx, providerId: string): Promise<void> {
  await tx.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
  await tx.$executeRaw`SET CONSTRAINTS ALL DEFERRED`;
  await tx.$executeRaw`SELECT set_config('app.provider_id', ${providerId}, true), set_config('app.customer_id', '*', true)`;
}
