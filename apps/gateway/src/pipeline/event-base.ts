import type { Principal } from '@tollwright/contracts';
import type { Body } from '../http/read-body.ts';
import type { CompiledRoute } from '../snapshot/compiled-api.ts';
import { joinMembers, type Members, membersOf } from '../spool/record-json.ts';
import type { Decided } from './decide.ts';
import type { Visit } from './visit.ts';

/** What the events of one plan on one route have in common, as text. Goes when the snapshot is replaced. */
const common = new WeakMap<CompiledRoute, Map<string, Members>>();

/** The first half of a call's usage event: everything that is known before it is forwarded. */
export function eventBase(visit: Visit, call: Decided, body: Body): Members {
  const { eventId, requestId, startedAtMs } = visit;
  const bytesIn = body.kind === 'buffered' ? body.bytes.length : body.kind === 'stream' ? (body.lengthBytes ?? 0) : 0;
  const own =
    `"eventId":"${eventId}","requestId":"${requestId}","bytesIn":${bytesIn},` +
    `"occurredAt":"${new Date(startedAtMs).toISOString()}"`;
  return joinMembers(joinMembers(own as Members, callerMembers(call.principal)), commonOf(visit, call));
}

function callerMembers({ key, customer }: Principal): Members {
  const { keyId, agentId, projectId } = key;
  return membersOf({ customerId: customer.customerId, agentId, projectId, keyId });
}

function commonOf(visit: Visit, call: Decided): Members {
  const { route, tariff } = call;
  let byPlan = common.get(route);
  if (byPlan === undefined) {
    byPlan = new Map();
    common.set(route, byPlan);
  }
  let members = byPlan.get(tariff.planVersionId);
  if (members === undefined) {
    members = commonMembers(visit, call);
    byPlan.set(tariff.planVersionId, members);
  }
  return members;
}

function commonMembers(visit: Visit, { api, route, tariff }: Decided): Members {
  const { snapshot } = api;
  return membersOf({
    schemaVersion: 1,
    type: 'request',
    livemode: snapshot.livemode,
    providerId: snapshot.providerId,
    parentAgentId: null,
    sessionId: null,
    payer: null,
    apiId: snapshot.apiId,
    routeId: route.route.id,
    snapshotVersion: snapshot.version,
    planVersionId: tariff.planVersionId,
    costNanoUsd: null,
    rail: 'plan',
    paymentId: null,
    gateway: visit.gateway.name,
  });
}
