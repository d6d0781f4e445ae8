import { serializeSettleResponse, toNetworkName, x402Headers } from '@tollwright/protocols';
import type { Settlement } from '../rail.ts';
import type { X402Payment } from './payment.ts';

/** The receipt in the header of the generation that paid. No header while the outcome is unknown. */
export function receiptOf(payment: X402Payment, settlement: Settlement): Readonly<Record<string, string>> {
  if (settlement.kind === 'unknown') return {};
  const { network } = payment.offer;
  const isV1 = payment.protocolVersion === 1;
  const value = serializeSettleResponse({
    success: settlement.kind === 'settled',
    transaction: settlement.kind === 'settled' ? settlement.transaction : '',
    network: isV1 ? (toNetworkName(network) ?? network) : network,
    payer: payment.payload.payload.authorization.from,
    ...(settlement.kind === 'failed' ? { errorReason: settlement.reason } : {}),
  });
  return { [isV1 ? x402Headers.receiptV1 : x402Headers.receiptV2]: value };
}
