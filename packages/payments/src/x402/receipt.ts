import {
  offerReceiptKey,
  paymentIdentifier,
  paymentIdentifierKey,
  type StatementSigner,
  serializeSettleResponse,
  signedReceipt,
  toNetworkName,
  type X402Extension,
  type X402Extensions,
  x402Headers,
} from '@tollwright/protocols';
import type { HeaderFields, Settlement } from '../rail.ts';
import type { X402Payment } from './payment.ts';
import { signedTransferOf } from './signed-transfer.ts';

/**
 * The receipt in the header of the generation that paid. Version 2 gets it signed too, with the name that the client gave its
 * payment. No header while the outcome is unknown.
 */
export function receiptOf(
  payment: X402Payment,
  settlement: Settlement,
  nowMs: number,
  signer: StatementSigner | null,
): HeaderFields {
  if (settlement.kind === 'unknown') return [];
  const { network } = payment.offer;
  const isV1 = payment.protocolVersion === 1;
  const value = serializeSettleResponse({
    success: settlement.kind !== 'failed',
    transaction: settlement.kind === 'settled' ? settlement.transaction : '',
    network: isV1 ? (toNetworkName(network) ?? network) : network,
    payer: signedTransferOf(payment.payload).payer,
    ...(settlement.kind === 'failed' ? { errorReason: settlement.reason } : {}),
    ...amountOf(settlement),
    ...(isV1 ? {} : { extensions: extensionsOf(payment, settlement, nowMs, signer) }),
  });
  return [[isV1 ? x402Headers.receiptV1 : x402Headers.receiptV2, value]];
}

function amountOf(settlement: Settlement): { readonly amount?: string } {
  if (settlement.kind === 'released') return { amount: '0' };
  const taken = settlement.kind === 'settled' ? settlement.amountAtomic : undefined;
  return taken === undefined ? {} : { amount: taken.toString() };
}

function extensionsOf(
  { offer, payer, resource, paymentIdentifier: id }: X402Payment,
  settlement: Settlement,
  nowMs: number,
  signer: StatementSigner | null,
): X402Extensions | undefined {
  const extensions: Record<string, X402Extension> = {};
  if (id !== null) extensions[paymentIdentifierKey] = { info: { ...paymentIdentifier.info, id } };
  if (signer !== null && settlement.kind === 'settled') {
    const { transaction } = settlement;
    const paid = { network: offer.network, resourceUrl: resource.url, payer, transaction };
    extensions[offerReceiptKey] = signedReceipt(signer, { ...paid, issuedAt: Math.floor(nowMs / 1_000) });
  }
  return Object.keys(extensions).length === 0 ? undefined : extensions;
}
