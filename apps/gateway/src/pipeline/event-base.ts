import type { Principal } from '@tollwright/contracts';
import type { Body } from '../http/read-body.ts';
import type { CompiledRoute } from '../snapshot/compiled-api.ts';
import { joinMembers, type Members, membersOf } from '../spool/record-json.ts';
import type { Decided } from './decide.ts';
import type { Visit } from './visit.ts';

/** What the events of one key on one route have in common, as text. Goes when the key or the snapshot is replaced. */
const common = new WeakMap<Principal, WeakMap<CompiledRoute, Members>>();

/** The first half of a call's usage event: everything that is known before it is forwarded. */
export function eventBase(visit: Visit, call: Decided, body: Body): Members {
  const { eventId, requestId, startedAtMs } = visit;
  const bytesIn = body.kind === 'buffered' ? body.bytes.length : body.kind === 'stream' ? (body.lengthBytes ?? 0) : 0;
  const own =
    `"eventId":"${eventId}","requestId":"${requestId}","bytesIn":${bytesIn},` +
    `"occurredAt":"${new Date(startedAtMs).toISOString()}"`;
  return joinMembers(own as Members, commonOf(visit, call));
}

function commonOf(visit: Visit, call: Decided): Members {
  const { principal, route } = call;
  let byRoute = common.get(principal);
  if (byRoute === undefined) {
    byRoute = new WeakMap();
    common.set(principal, byRoute);
  }
  let members = byRoute.get(route);
  if (members === undefined) {
    members = commonMembers(visit, call);
    byRoute.set(route, members);
  }
  return members;
}

function commonMembers(visit: Visit, { api, route, principal, tariff }: Decided): Members {
  const { snapshot } = api;
  const { key, customer } = principal;
  return membersOf({
    schemaVersion: 1,
    type: 'request',
    livemode: snapshot.livemode,
    providerId: snapshot.providerId,
    customerId: customer.customerId,
    agentId: key.agentId,
    parentAgentId: null,
    projectId: key.projectId,
    sessionId: null,
    keyId: key.keyId,
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
