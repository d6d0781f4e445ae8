import type { ServiceContext } from './context.ts';

/** Names the store that does not answer, `database` or `state`; null when verbs can work. Decides nothing. */
export async function checkStores(ctx: Pick<ServiceContext, 'db' | 'state'>): Promise<'database' | 'state' | null> {
  const [database, state] = await Promise.all([
    ctx.db.$queryRaw`SELECT 1`.then(
      () => true,
      () => false,
    ),
    ctx.state.ping(),
  ]);
  if (!database) return 'database';
  return state ? null : 'state';
}
