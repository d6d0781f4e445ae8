import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NanoUsd } from '@tollwright/core';
import { chargeOf, wholeCharge } from '../charge.ts';
import type {
  Checked,
  HeaderFields,
  Offer,
  PaidRequest,
  Payment,
  Rail,
  RequestHeaders,
  Settlement,
  Verification,
} from '../rail.ts';
import type { PaymentOnChain } from './resolve-from-chain.ts';

/** What a seller did with a payment. */
export type Seen = {
  readonly payment: Payment;
  readonly verification: Verification;
  readonly settlement: Settlement | null;
};

/** The least that a seller does around a rail: no claims, no ledger. */
export interface Seller {
  readonly paidUrl: string;
  /** Newest last. */
  readonly seen: Seen[];
  last(): Seen;
  check(headers: RequestHeaders, by?: Rail): Checked<Payment>;
  close(): Promise<void>;
}

/** What is sold. `used` is what a call costs where the offers are ceilings; null: all. */
export type Sold = { readonly rail: Rail; readonly offers: readonly Offer[]; used: NanoUsd | null };

export const order = { paymentId: 'pay_1', requestId: 'req_1' };

export async function startSeller(sold: Sold): Promise<Seller> {
  const seen: Seen[] = [];
  const asked = (): PaidRequest => ({
    resource: { url: seller.paidUrl, description: 'Weather', mimeType: 'application/json' },
    scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'GET', keyId: null },
    body: null,
    nowMs: Date.now(),
  });
  const server = createServer((request, response) => void serve(seller, sold, asked(), request, response));
  // A client that reuses a connection at the moment it ends would see it broken.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const seller: Seller = {
    paidUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/weather`,
    seen,
    last() {
      const entry = seen.at(-1);
      if (entry === undefined) throw new Error('the seller saw no payment');
      return entry;
    },
    check(headers, by = sold.rail) {
      const presented = by.parse(headers);
      if (presented.kind !== 'presented') return { kind: 'refused', reason: presented.kind };
      return presented.credential.check({ ...asked(), offers: sold.offers });
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return seller;
}

async function serve(
  seller: Seller,
  { rail, offers, used }: Sold,
  asked: PaidRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const demand = (reason: string, receipt: HeaderFields = []) => {
    const challenge = rail.challenge(offers, { ...asked, reason });
    response.writeHead(402, [...challenge.headers, ...receipt, ['content-type', 'application/problem+json']].flat());
    response.end(JSON.stringify({ type: 'about:blank', title: 'Pay', status: 402, reason, ...challenge.members }));
  };
  const checked = seller.check(request.headers);
  if (checked.kind === 'refused') return demand(checked.reason);
  const { payment } = checked;
  const verification = await payment.verify();
  if (verification.kind !== 'valid') {
    seller.seen.push({ payment, verification, settlement: null });
    return verification.kind === 'invalid' ? demand(verification.reason) : void response.writeHead(503).end();
  }
  const charge = used === null ? wholeCharge(payment.offer) : chargeOf(payment.offer, used);
  const settlement = await payment.settle({ ...order, charge });
  seller.seen.push({ payment, verification, settlement });
  const receipt = payment.receipt(settlement, Date.now());
  if (settlement.kind === 'failed') return demand(settlement.reason, receipt);
  if (settlement.kind === 'unknown') return void response.writeHead(503, receipt.flat()).end();
  response.writeHead(200, [...receipt, ['content-type', 'application/json']].flat()).end('{"sky":"clear"}');
}

/** A payment as its record has it, for so much of its offer. */
export function onChain(payment: Payment, amountAtomic = payment.offer.amountAtomic): PaymentOnChain {
  return {
    network: payment.offer.network,
    asset: payment.offer.asset,
    payer: payment.payer,
    payTo: payment.offer.payTo,
    nonce: payment.nonce,
    amountAtomic: amountAtomic.toString(),
    validBefore: new Date(payment.validBeforeMs).toISOString(),
    occurredAt: new Date().toISOString(),
    details: payment.details,
  };
}
