import 'server-only';
import { type AppRouter, createCaller, type Organization } from '@tollwright/api';
import { sessionContext } from './api-context.ts';

export type Caller = ReturnType<typeof createCaller>;
export type { AppRouter };

/** Calls procedures from server components, as the signed-in person and for one organization. */
export async function caller(organization: Organization | null): Promise<Caller> {
  return createCaller(await sessionContext(organization));
}
