import { type Principal, toJson } from '@tollwright/contracts';
import { creditNodeOf, formatUsd, type Prepaid, type Problem } from '@tollwright/core';
import { balanceOf, INVALID_KEY } from '@tollwright/policies';
import { StateUnavailable } from '@tollwright/state';
import { creditUse } from '../me/me-document.ts';
import { serveStranger, takesPayment } from '../pay/stranger-call.ts';
import { refuse, STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { sellCredit } from './sell-credit.ts';
import { CREDITS_PATH, topUpMembers } from './top-up-members.ts';
import { readOrder, type TopUpOrder } from './top-up-order.ts';

const NEEDS_KEY: Problem = { slug: 'invalid-key', detail: 'Send the key that credit is for.' };
const NOT_PREPAID: Problem = {
  slug: 'not-entitled',
  detail: 'The plan of this key draws nothing from prepaid credit.',
};
const BODY_BYTES_MAX = 65_536;

/** GET tells the balance that a key draws on, and where to pay in. POST sells credit for it: a 402, and then a receipt. */
export async function serveCredits(visit: Visit, api: CompiledApi): Promise<void> {
  const shown = api.apiKey.present(visit.request.headers);
  if (shown.kind !== 'key') return refuse(visit, shown.kind === 'none' ? NEEDS_KEY : INVALID_KEY);
  try {
    const principal = await visit.gateway.principals.findNow(shown.key);
    const decision = api.apiKey.decide(principal, api.snapshot, visit.startedAtMs);
    if (decision.kind === 'refused') return refuse(visit, decision.problem);
    if (principal === null) return refuse(visit, INVALID_KEY);
    const prepaid = api.tariffs.get(principal.customer.planVersionId ?? '')?.prepaid ?? null;
    if (prepaid === null) return refuse(visit, NOT_PREPAID);
    switch (visit.method) {
      case 'GET':
      case 'HEAD':
        return await tellBalance(visit, api, principal, prepaid);
      case 'POST':
        return await takeOrder(visit, api, { principal, prepaid, key: shown.key });
      default:
        return refuse(
          visit,
          { slug: 'method-not-allowed', detail: 'This path takes GET and POST.' },
          { headers: ['allow', 'GET, POST'] },
        );
    }
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    refuse(visit, STATE_AWAY);
  }
}

async function tellBalance(visit: Visit, api: CompiledApi, principal: Principal, prepaid: Prepaid): Promise<void> {
  const { gateway, response, requestId, startedAtMs } = visit;
  const nodes = await gateway.state.counters.read(`c:${principal.customer.customerId}`);
  const credit = creditUse(balanceOf(principal), nodes, startedAtMs);
  const body = toJson({ ...credit, ...topUpMembers(visit, api, prepaid) });
  const head = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': requestId };
  response.writeHead(200, { ...head, 'content-length': Buffer.byteLength(body) });
  response.end(visit.method === 'HEAD' ? undefined : body);
}

/** Who buys, under which plan. */
interface Buyer {
  readonly principal: Principal;
  readonly prepaid: Prepaid;
  readonly key: string;
}

async function takeOrder(visit: Visit, api: CompiledApi, { principal, prepaid, key }: Buyer): Promise<void> {
  const { node, limitNanoUsd: paidInNanoUsd } = balanceOf(principal);
  const isAgents = node === creditNodeOf(principal.key.agentId, principal.key.livemode);
  const read = readOrder(visit.query, prepaid, { owner: isAgents ? 'agent' : 'customer', paidInNanoUsd });
  if (read.kind === 'refused') return refuse(visit, read.problem);
  const { priceNanoUsd, creditNanoUsd, forAgent } = read.order;
  const route = soldRoute(read.order);
  if (!takesPayment(visit, api, route)) {
    return refuse(visit, {
      slug: 'not-entitled',
      detail: `Nothing here takes a payment of ${formatUsd(priceNanoUsd)} USD.`,
    });
  }
  const { agentId } = principal.key;
  const { customerId } = principal.customer;
  const detail = `Pay ${formatUsd(priceNanoUsd)} USD for ${formatUsd(creditNanoUsd)} USD of credit.`;
  await serveStranger(visit, api, route, {
    ...{ principal, body: null, problem: { slug: 'payment-required', detail } },
    topUp: {
      topUp: { customerId, agentId: forAgent ? agentId : null, creditNanoUsd },
      serve: (call) => sellCredit(call, key),
    },
  });
}

/** What rails are shown in the place of a route: paid first, whatever policies say of calls. */
function soldRoute({ priceNanoUsd }: TopUpOrder): CompiledRoute {
  const operationId = 'topUpCredits';
  const at = { method: 'POST', pathTemplate: CREDITS_PATH } as const;
  return {
    ...at,
    route: {
      ...{ ...at, id: 'top-up', operationId, extractorId: null, bodyBytesMax: BODY_BYTES_MAX },
      ...{ strangerPriceNanoUsd: priceNanoUsd, settles: 'before', policies: [] },
    },
    ...{ rule: null, known: { route: operationId }, policies: null, ceiling: null },
  };
}
