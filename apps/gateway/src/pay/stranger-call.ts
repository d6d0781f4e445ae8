import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { refuse, type Visit } from '../pipeline/visit.ts';

export async function serveStranger(visit: Visit, _api: CompiledApi, _route: CompiledRoute): Promise<void> {
  refuse(visit, { slug: 'invalid-key', detail: 'This route needs an API key.' });
}
