import type { CallTrace, PolicyTrace } from '@tollwright/contracts';

let made = 0;

/** Whose call is traced. */
export type TraceSubject = Pick<CallTrace, 'providerId' | 'customerId' | 'agentId' | 'keyId' | 'apiId' | 'routeId'>;

/** What one policy of a trace decided: a limit of 100 calls with none left, unless told otherwise. */
export function policyTraceOf(override: Partial<PolicyTrace> = {}): PolicyTrace {
  return {
    ...{ policy: 'rate-limit:burst', type: 'rate-limit', level: 'api', decision: 'refused', shadow: false },
    ...{ problem: 'rate-limited', limit: '100', before: '100', after: '100', unit: 'calls', counter: null },
    ...override,
  };
}

/** The trace of a call that a rate limit refused, whose worst case would have cost 0.00024 USD, unless told otherwise. */
export function callTraceOf(
  { providerId, customerId, agentId, keyId, apiId, routeId }: TraceSubject,
  override: Partial<CallTrace> = {},
): CallTrace {
  made += 1;
  const eventId = override.eventId ?? `spl_trace-${made}`;
  const keyTrace = {
    policy: 'api-key',
    type: 'api-key',
    level: 'account',
    decision: 'allowed',
    problem: null,
  } as const;
  return {
    ...{ schemaVersion: 1, eventId, requestId: `req_${eventId}`, livemode: true },
    ...{ providerId, customerId, agentId, keyId, apiId, routeId, method: 'POST', pathTemplate: '/v1/chat/completions' },
    ...{ snapshotVersion: 1, planVersionId: null, outcome: 'refused', status: 429, problem: 'rate-limited' },
    ...{ clientIp: null, durationMs: 1.25, gateway: 'gw-test', occurredAt: new Date().toISOString() },
    policies: [policyTraceOf({ ...keyTrace, limit: null, before: null, after: null, unit: null }), policyTraceOf()],
    worstCase: {
      lines: [
        {
          ...{ rateCard: 'input', meter: 'input_tokens', model: 'small-1', quantity: '80' },
          ...{ nanoUsdPerUnit: '1000', nanoUsd: '80000' },
        },
        {
          ...{ rateCard: 'output', meter: 'output_tokens', model: 'small-1', quantity: '64' },
          ...{ nanoUsdPerUnit: '2500', nanoUsd: '160000' },
        },
      ],
      ...{ exactNanoUsd: '240000', amountNanoUsd: '240000' },
    },
    ...{ used: null, chargedNanoUsd: null },
    ...override,
  };
}
