import type { PolicyConfig, SnapshotRoute } from '@tollwright/contracts';
import { createPolicies, type PolicySet } from '@tollwright/policies';
import type { CallView } from './call-view.ts';
import type { Guard } from './guard.ts';

export const NOW_MS = 1_800_000_000_000;
const route: SnapshotRoute = {
  ...{ id: 'rte_1', operationId: 'chat', method: 'POST', pathTemplate: '/chat', extractorId: null },
  ...{ bodyBytesMax: 1_000, strangerPriceNanoUsd: null, policies: [] },
};
export const config = (type: string, options: PolicyConfig['options'], shadow = false): PolicyConfig => ({
  type,
  options,
  shadow,
});
const principal = {
  key: { keyId: 'key_1', agentId: 'agt_1', scopes: ['a'] },
  customer: { customerId: 'cus_1' },
};

/** The guard of a call with these policies on its API, from 192.0.2.1, by a key with the scope `a`. */
export function guardFor(policies: PolicyConfig[]): Guard {
  const set = createPolicies(
    { api: policies, route: [], plan: [] },
    { apiId: 'api_1', route, plan: null },
  ) as PolicySet;
  const call = {
    ...{ clientIp: '192.0.2.1', principal, planKey: null, nowMs: NOW_MS, bodyBytes: null, text: () => null },
    ...{ header: () => undefined, document: () => ({ kind: 'none' }), takeBody: () => undefined },
  };
  return {
    ...{ set, call: call as unknown as CallView, bodyBytesMax: null, edits: [], shadowed: [], beyond: null },
    refusedBy: null,
  };
}
