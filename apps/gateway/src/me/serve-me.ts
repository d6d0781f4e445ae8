import { toJson } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import { INVALID_KEY } from '@tollwright/policies';
import { StateUnavailable } from '@tollwright/state';
import { refuse, STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { limitsOf } from './limits.ts';
import { meDocument } from './me-document.ts';

/** The path of an API, below its address, where a key is told about itself. */
export const ME_PATH = '/_tw/me';

const NEEDS_KEY: Problem = { slug: 'invalid-key', detail: 'Send the key that is asked about.' };

/** Tells a key its own plan, limits, spending and prices. Reads only: nothing is held, counted or recorded. */
export async function serveMe(visit: Visit, api: CompiledApi): Promise<void> {
  if (visit.method !== 'GET' && visit.method !== 'HEAD') {
    return refuse(visit, { slug: 'method-not-allowed', detail: 'This path takes GET.' }, { headers: ['allow', 'GET'] });
  }
  const { gateway, request, startedAtMs } = visit;
  const shown = api.apiKey.present(request.headers);
  if (shown.kind !== 'key') return refuse(visit, shown.kind === 'none' ? NEEDS_KEY : INVALID_KEY);
  try {
    // The directory itself, not what is kept of it: a budget that was just changed is shown as it is.
    const principal = await gateway.principals.findNow(shown.key);
    const decision = api.apiKey.decide(principal, api.snapshot, startedAtMs);
    if (decision.kind === 'refused' || principal === null) {
      return refuse(visit, decision.kind === 'refused' ? decision.problem : INVALID_KEY);
    }
    const { customerId, planVersionId } = principal.customer;
    const tariff = planVersionId === null ? undefined : api.tariffs.get(planVersionId);
    const limits = limitsOf(visit, api, principal, tariff);
    const tag = `c:${customerId}`;
    const { counters } = gateway.state;
    const [nodes, windows] = await Promise.all([
      counters.read(tag),
      counters.readWindows(
        tag,
        limits.windows.map(({ take }) => take),
      ),
    ]);
    answer(visit, toJson(meDocument(api, principal, limits, { nodes, windows }, startedAtMs)));
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    refuse(visit, STATE_AWAY);
  }
}

function answer({ response, requestId, method }: Visit, body: string): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  response.end(method === 'HEAD' ? undefined : body);
}
