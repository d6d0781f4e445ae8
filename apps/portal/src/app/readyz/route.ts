import { checkStores } from '@tollwright/services';
import { services } from '../../server/services.ts';

export const dynamic = 'force-dynamic';

/** Pages can be served: the environment is usable, and both stores answer. */
export async function GET(): Promise<Response> {
  const away = await checkStores(services());
  const body = away === null ? { status: 'ready' } : { status: 'not-ready', away };
  return Response.json(body, { status: away === null ? 200 : 503, headers: { 'cache-control': 'no-store' } });
}
