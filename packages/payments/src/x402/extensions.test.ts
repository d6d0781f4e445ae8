import {
  bazaarKey,
  offerReceiptKey,
  parsePaymentRequired,
  parseSettleResponse,
  paymentIdentifierKey,
  statementSigner,
  verifyStatement,
  type X402Extensions,
} from '@tollwright/protocols';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { x402Client } from '@x402/fetch';
import { describe, expect, it } from 'vitest';
import type { PaidRequest, Payment } from '../rail.ts';
import { FacilitatorPool } from './facilitator-pool.ts';
import { createX402Rail } from './rail.ts';
import { account, resource, wallet } from './signing-harness.ts';

const pool = new FacilitatorPool({ facilitators: [], fetch: () => Promise.reject(new Error('away')) });
pool.serves = () => true;
const signer = statementSigner(Buffer.alloc(32, 7));
const rail = createX402Rail(pool, { signer });
const unit = { name: 'unit', in: 'query', required: false, schema: { type: 'string' } } as const;
const requestSchema = { parameters: [unit], body: null, definitions: {} };
const call: PaidRequest = {
  resource,
  scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'GET', keyId: null },
  operation: { pathTemplate: '/weather', requestSchema },
  body: null,
  nowMs: Date.now(),
};
const { offers } = rail.quote([wallet], 10_000_000n as never);

function challenged(request: PaidRequest = call) {
  const { headers } = rail.challenge(offers, { ...request, reason: 'Pay.' });
  const header = headers[0]?.[1] ?? '';
  const read = parsePaymentRequired(header);
  if (read.kind === 'malformed') throw new Error(read.reason);
  return { header, extensions: read.value.extensions ?? {} };
}

/** What the reference client sends for a challenge, its extensions changed as told. */
async function paid(change: (extensions: X402Extensions) => unknown = (extensions) => extensions): Promise<string> {
  const client = new x402Client().register('eip155:84532', new ExactEvmScheme(account));
  const required = JSON.parse(Buffer.from(challenged().header, 'base64').toString());
  const payload = await client.createPaymentPayload(required);
  const extensions = change((payload.extensions ?? {}) as X402Extensions);
  return Buffer.from(JSON.stringify({ ...payload, extensions })).toString('base64');
}

function check(header: string) {
  const shown = rail.parse({ 'payment-signature': header });
  if (shown.kind !== 'presented') throw new Error(JSON.stringify(shown));
  return shown.credential.check({ ...call, offers });
}

async function accepted(change?: (extensions: X402Extensions) => unknown): Promise<Payment> {
  const checked = check(await paid(change));
  if (checked.kind === 'refused') throw new Error(checked.reason);
  return checked.payment;
}

const named = (info: object) => (extensions: X402Extensions) => ({ ...extensions, [paymentIdentifierKey]: { info } });
const id = 'pay_0123456789abcdef';

describe('the extensions of a challenge', () => {
  it('are a name for the payment, signed offers, and what the operation takes', () => {
    const { extensions } = challenged();
    expect(Object.keys(extensions)).toEqual([paymentIdentifierKey, bazaarKey, offerReceiptKey]);
    expect(extensions[bazaarKey]?.info).toEqual({ input: { type: 'http', method: 'GET', queryParams: {} } });
    const [first] = (extensions[offerReceiptKey]?.info.offers ?? []) as { signature: string }[];
    expect(verifyStatement(first?.signature ?? '', signer.publicKey)).toMatchObject({
      ...{ resourceUrl: resource.url, amount: '10000', payTo: wallet.payTo },
    });
  });

  it('are signed anew after ten seconds, and for every other resource', () => {
    const signatureOf = (request: PaidRequest) => JSON.stringify(challenged(request).extensions[offerReceiptKey]?.info);
    const at = { ...call, nowMs: 1_800_000_000_000 };
    expect(signatureOf({ ...at, nowMs: at.nowMs + 9_999 })).toBe(signatureOf(at));
    expect(signatureOf({ ...at, nowMs: at.nowMs + 10_000 })).not.toBe(signatureOf(at));
    expect(signatureOf({ ...at, resource: { ...resource, url: `${resource.url}/b` } })).not.toBe(signatureOf(at));
  });

  it('leave out what there is no room for', () => {
    const long = { ...unit, schema: { type: 'string', description: 'a'.repeat(5_000) } };
    const operation = { pathTemplate: '/weather', requestSchema: { ...requestSchema, parameters: [long] } };
    expect(Object.keys(challenged({ ...call, operation }).extensions)).toEqual([paymentIdentifierKey, offerReceiptKey]);
  });
});

describe('the extensions of a payment', () => {
  it('are accepted as the reference client sends them back, and from who sends none', async () => {
    expect(await accepted()).toMatchObject({ paymentIdentifier: null });
    expect(await accepted(() => undefined)).toMatchObject({ paymentIdentifier: null });
    expect(await accepted(named({ required: false, id }))).toMatchObject({ paymentIdentifier: id });
  });

  it('are accepted with older offers: those are signed anew all the time', async () => {
    const older = (extensions: X402Extensions) => ({ ...extensions, [offerReceiptKey]: { info: { offers: [] } } });
    expect((await accepted(older)).rail).toBe('x402');
  });

  it.each([
    ['what we said was altered', named({ required: true, id }), 'extension_echo_mismatch'],
    ['what we said was dropped', named({ id }), 'extension_echo_mismatch'],
    ['another operation is listed', () => ({ [bazaarKey]: { info: {} } }), 'extension_echo_mismatch'],
    ['the name is none', named({ required: false, id: 'short' }), 'invalid_payment_identifier'],
  ])('are refused where %s', async (_what, change, reason) => {
    expect(check(await paid(change))).toEqual({ kind: 'refused', reason });
  });
});

describe('the receipt', () => {
  const transaction = `0x${'0c'.repeat(32)}`;
  const receiptOf = (payment: Payment, kind: 'settled' | 'released' | 'failed') => {
    const settlement =
      kind === 'settled' ? { kind, transaction } : kind === 'failed' ? { kind, reason: 'x' } : { kind };
    const read = parseSettleResponse(payment.receipt(settlement, 1_800_000_000_000)[0]?.[1] ?? '');
    if (read.kind === 'malformed') throw new Error(read.reason);
    return read.value;
  };

  it('is signed, and says the name that the client gave', async () => {
    const { extensions } = receiptOf(await accepted(named({ required: false, id })), 'settled');
    expect(extensions?.[paymentIdentifierKey]?.info).toEqual({ required: false, id });
    const receipt = extensions?.[offerReceiptKey]?.info.receipt as { signature: string } | undefined;
    expect(verifyStatement(receipt?.signature ?? '', signer.publicKey)).toEqual({
      ...{ version: 1, network: wallet.network, resourceUrl: resource.url, payer: account.address.toLowerCase() },
      ...{ transaction, issuedAt: 1_800_000_000 },
    });
  });

  it('is not signed where nothing was taken', async () => {
    const payment = await accepted();
    expect(receiptOf(payment, 'failed')).toMatchObject({ success: false, transaction: '', errorReason: 'x' });
    expect(receiptOf(payment, 'released')).toMatchObject({ success: true, transaction: '', amount: '0' });
    expect(receiptOf(payment, 'failed').extensions).toBeUndefined();
  });
});
