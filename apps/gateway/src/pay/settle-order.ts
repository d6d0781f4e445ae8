import type { PaymentRecord } from '@tollwright/contracts';
import type { Charge, Settlement, SettleOrder } from '@tollwright/payments';
import type { PaidCall } from './paid-call.ts';

type Settled = Extract<Settlement, { kind: 'settled' }>;

/** What a payment's rail is told when its money is taken: what it pays for and on whose behalf, by ids that only the provider knows. */
export function settleOrderOf(
  { visit, api, route, ledger }: Pick<PaidCall, 'visit' | 'api' | 'route' | 'ledger'>,
  charge?: Charge,
): SettleOrder {
  const { paymentId, customerId, agentId, keyId, topUp } = ledger.record;
  const { providerSlug, apiSlug, apiId } = api.snapshot;
  const { id, operationId, method } = route.route;
  const what = topUp === undefined ? `${method} ${route.pathTemplate}` : 'credit';
  const labels = {
    ...{ tollwright_api: apiId, tollwright_route: id, tollwright_operation: operationId },
    tollwright_receipt: `${visit.gateway.portalUrl}/console/${providerSlug}/payments?payment=${paymentId}`,
    ...(customerId === null ? {} : { tollwright_customer: customerId }),
    ...(agentId === null ? {} : { tollwright_agent: agentId }),
    ...(keyId === null ? {} : { tollwright_key: keyId }),
    ...(topUp === undefined ? {} : { tollwright_credit_of: topUp.agentId ?? topUp.customerId }),
  };
  return {
    ...{ paymentId, requestId: visit.requestId, description: `${providerSlug}/${apiSlug}: ${what}`.slice(0, 400) },
    ...(charge === undefined ? {} : { charge }),
    labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value.slice(0, 500)])),
  };
}

/** What a settlement changes in its payment's record. */
export function settledChange({ transaction, tax }: Settled): Pick<PaymentRecord, 'transaction' | 'tax'> {
  return tax === undefined ? { transaction } : { transaction, tax };
}
