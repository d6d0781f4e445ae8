import type { CallTrace } from '@tollwright/contracts';
import type { DbCallTrace } from '@tollwright/db';

/** A row of call_trace; its body is the trace itself. */
export type TraceRow = Omit<DbCallTrace, 'body'> & { readonly body: CallTrace };

/** What is stored of a trace, with what it is searched by. */
export function toTraceRow(trace: CallTrace): TraceRow {
  const { eventId, requestId, providerId, customerId, agentId, keyId, apiId, routeId, livemode, status } = trace;
  const refusedBy = trace.policies.find(({ decision }) => decision === 'refused')?.policy ?? null;
  const wouldRefuse = trace.policies.flatMap(({ decision, policy }) => (decision === 'would-refuse' ? [policy] : []));
  return {
    ...{ eventId, requestId, providerId, customerId, agentId, keyId, apiId, routeId, livemode, status },
    ...{ problem: trace.problem, refusedBy, wouldRefuse, decisions: decisionsOf(trace, wouldRefuse.length > 0) },
    occurredAt: new Date(trace.occurredAt),
    body: trace,
  };
}

function decisionsOf({ outcome, policies }: CallTrace, isShadowed: boolean): string[] {
  const all = policies
    .filter(({ decision }) => decision !== 'not-reached')
    .flatMap(({ decision, policy, type }) => [policy, type].flatMap((name) => [name, `${decision} ${name}`]));
  const ofCall = outcome === 'refused' ? 'refused' : 'allowed';
  return [...new Set([ofCall, ...(isShadowed ? ['would-refuse'] : []), ...all])];
}
