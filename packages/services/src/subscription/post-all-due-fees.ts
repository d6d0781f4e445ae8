import { listProviders } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { postDueFees } from './post-due-fees.ts';

/** Posts what is due of every provider. For the worker's database role. */
export async function postAllDueFees(ctx: ServiceContext): Promise<{ readonly posted: number }> {
  let posted = 0;
  for (const providerId of await listProviders(ctx.db)) {
    posted += (await postDueFees(ctx, providerId)).posted;
  }
  return { posted };
}
