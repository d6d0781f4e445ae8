import { expect, test } from '@playwright/test';
import { loadMppx, type MppxPayers, mppxPayers, openTempoLedger, validateByMppx } from '@tollwright/testing';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import {
  extractJWSHeader,
  extractReceiptFromResponse,
  verifyReceiptMatchesOffer,
  verifyReceiptSignatureJWS,
} from '@x402/extensions/offer-receipt';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import {
  type Account,
  atStripe,
  type Books,
  movedBetween,
  onChain,
  onTempo,
  readBooks,
  readHoldings,
  STRIPE_KEY,
} from './books.ts';
import { query } from './database.ts';
import { readLocal } from './local.ts';
import { done, openManagement } from './management.ts';
import { namedPrices, signedOffersOf, signerOf } from './named-prices.ts';
import { fromBase64, newPayer, type Payer } from './payer.ts';

const PRICE_NANO_USD = '500000000';
const PRICE = BigInt(PRICE_NANO_USD);
const PRICE_ATOMIC = 500_000n;
const PRICE_CENTS = 50n;
const management = openManagement();

let payers: MppxPayers;
let payer: Payer;
let booksBefore: Books;
let holdingsBefore: Awaited<ReturnType<typeof readHoldings>>;
test.beforeAll(async () => {
  payers = mppxPayers(await loadMppx());
  payer = await newPayer(5_000_000n);
  [booksBefore, holdingsBefore] = await Promise.all([readBooks(), readHoldings()]);
});

/** The demo's agent: on the second chain, whose real one takes the same signatures, only its published key signs. */
const agentKey = () => readLocal().chain.agentPrivateKey as Hex;

const payByEvm = () => payers.evm({ privateKey: agentKey(), chainId: onChain(0).chainId }).fetch(readLocal().paidUrl);

const payByStripe = () =>
  payers.stripe({ url: readLocal().stripeDoubleUrl, secretKey: STRIPE_KEY }).fetch(readLocal().paidUrl);

function payOnSecondChain(): Promise<Response> {
  const signer = new ExactEvmScheme(privateKeyToAccount(agentKey()));
  const client = new x402Client().register(onChain(1).network as `eip155:${number}`, signer);
  return wrapFetchWithPayment(fetch, client)(readLocal().paidUrl);
}

function payByUpto(): Promise<Response> {
  const { paidUrl, chain } = readLocal();
  const signer = new UptoEvmScheme(privateKeyToAccount(agentKey()), { rpcUrl: chain.rpcUrl });
  const client = new x402Client().register(onChain(0).network as `eip155:${number}`, signer);
  return wrapFetchWithPayment(fetch, client)(paidUrl);
}

async function payByTempo(): Promise<Response> {
  const { rpcUrl } = readLocal().tempo;
  const privateKey = generatePrivateKey();
  await openTempoLedger(rpcUrl).fund(privateKeyToAccount(privateKey).address, 5_000_000n);
  return payers.tempo({ privateKey, rpcUrl }).fetch(readLocal().paidUrl);
}

/** What a receipt calls the movement of the money. */
const transactionIn =
  (header: 'payment-response' | 'x-payment-response') =>
  (response: Response): string =>
    fromBase64<{ transaction: string }>(response.headers.get(header)).transaction;
function referenceIn(response: Response): string {
  const receipt = Buffer.from(response.headers.get('payment-receipt') ?? '', 'base64url').toString();
  return (JSON.parse(receipt) as { reference: string }).reference;
}

/** The receipt that the provider has of a payment, as whoever gets it can verify it: by the key that signs 402s. */
async function signedReceiptOf(paymentId: string, signer: string): Promise<Record<string, unknown>> {
  const params = { path: { paymentId } };
  const { receipt, signature } = await done(management.GET('/payments/{paymentId}/receipt', { params }));
  expect(extractJWSHeader(signature).kid).toBe(signer);
  const verified: unknown = await verifyReceiptSignatureJWS({ format: 'jws', signature });
  expect(verified).toEqual(receipt);
  return verified as Record<string, unknown>;
}

/** x402's own receipt has no price: it is that of the signed offer that it belongs to. */
async function expectReceiptOfOffer(response: Response, unpaid: Response, signer: string): Promise<void> {
  const receipt = extractReceiptFromResponse(response);
  if (receipt?.format !== 'jws') throw new Error('the answer has no signed receipt');
  expect(extractJWSHeader(receipt.signature).kid).toBe(signer);
  const { payer: paidBy, network } = await verifyReceiptSignatureJWS(receipt);
  const offers = signedOffersOf(unpaid).filter((offer) => offer.network === network);
  expect(offers.map((offer) => [offer.amount, verifyReceiptMatchesOffer(receipt, offer, [paidBy])])).toEqual([
    [`${PRICE_ATOMIC}`, true],
    [`${PRICE_ATOMIC}`, true],
  ]);
}

interface Client {
  readonly rail: string;
  readonly account: () => Account;
  pay(): Promise<Response>;
  readonly transactionOf: (response: Response) => string;
}

/** Unmodified clients, each by its own rail. */
const CLIENTS: Readonly<Record<string, Client>> = {
  '@x402/fetch': {
    ...{ rail: 'x402', account: () => onChain(0), transactionOf: transactionIn('payment-response') },
    pay: () => payer.fetchV2(readLocal().paidUrl),
  },
  '@x402/fetch by upto': {
    ...{ rail: 'x402', account: () => onChain(0), transactionOf: transactionIn('payment-response') },
    pay: payByUpto,
  },
  'x402-fetch': {
    ...{ rail: 'x402', account: () => onChain(0), transactionOf: transactionIn('x-payment-response') },
    pay: () => payer.fetchV1(readLocal().paidUrl),
  },
  '@x402/fetch on the second chain': {
    ...{ rail: 'x402', account: () => onChain(1), transactionOf: transactionIn('payment-response') },
    pay: payOnSecondChain,
  },
  'mppx by evm': { rail: 'evm', account: () => onChain(0), transactionOf: referenceIn, pay: payByEvm },
  'mppx by stripe': { rail: 'stripe', account: atStripe, transactionOf: referenceIn, pay: payByStripe },
  'mppx by tempo': { rail: 'tempo', account: onTempo, transactionOf: referenceIn, pay: payByTempo },
};

test.describe('one URL, one price, whichever way it is paid', () => {
  test('every offer of the 402 names it, in whichever unit, and the offers are signed', async () => {
    const unpaid = await fetch(readLocal().paidUrl);
    expect(unpaid.status).toBe(402);
    const prices = await namedPrices(unpaid);
    const ways = [
      ...['mpp evm charge eip155:84532', 'mpp evm charge eip155:8453', 'mpp stripe charge'],
      ...[`mpp tempo charge ${onTempo().network}`, `mpp tempo session ${onTempo().network}`],
      ...['x402 v1 exact base', 'x402 v1 exact base-sepolia'],
      ...['x402 v2 exact eip155:84532', 'x402 v2 exact eip155:8453'],
      ...['x402 v2 upto eip155:84532', 'x402 v2 upto eip155:8453'],
    ];
    expect(prices.map(({ way }) => way).sort()).toEqual(ways.sort());
    expect(prices.filter(({ nanoUsd }) => nanoUsd !== PRICE)).toEqual([]);
    expect(await signerOf(unpaid)).toMatch(/^did:key:z/);
  });

  for (const [name, { rail, account, pay, transactionOf }] of Object.entries(CLIENTS)) {
    test(`${name}: 200, and receipt, record, ledger and whoever moved the money say the same`, async () => {
      const { network, received } = account();
      const [before, books, unpaid] = await Promise.all([received(), readBooks(), fetch(readLocal().paidUrl)]);
      const response = await pay();
      expect(response.status).toBe(200);
      expect(await response.clone().json()).toMatchObject({ city: 'Lisbon' });
      expect(response.headers.get('tollwright-cost-usd')).toBe('0.50');
      const transaction = transactionOf(response);
      const amount = rail === 'stripe' ? PRICE_CENTS : PRICE_ATOMIC;
      expect((await received()) - before).toBe(amount);
      const shown = async () => {
        const { items } = await done(management.GET('/payments', { params: { query: { transaction } } }));
        return items[0];
      };
      await expect.poll(shown).toMatchObject({
        ...{ state: 'settled', rail, network, amountAtomic: amount.toString() },
        ...{ priceNanoUsd: PRICE_NANO_USD, roundingNanoUsd: '0', routeName: 'GET /weather' },
      });
      // The event may come with a later shipment than the payment.
      const events = () =>
        query(
          "SELECT body ->> 'chargedNanoUsd' AS charged, body ->> 'paymentId' AS payment, rail FROM usage_event WHERE request_id = $1",
          [response.headers.get('x-request-id')],
        );
      const paymentId = (await shown())?.id ?? '';
      await expect.poll(events).toEqual([{ charged: PRICE_NANO_USD, rail, payment: paymentId }]);
      await expect
        .poll(async () => movedBetween(books, await readBooks()))
        .toEqual({ [`clearing_${rail}`]: PRICE, revenue: -PRICE });
      const signer = await signerOf(unpaid);
      const paid = { priceUsd: '0.50', amountAtomic: amount.toString(), refundedAtomic: '0' };
      expect(await signedReceiptOf(paymentId, signer)).toMatchObject({
        ...paid,
        rail,
        network,
        transaction,
        paymentId,
      });
      if (response.headers.has('payment-response')) await expectReceiptOfOffer(response, unpaid, signer);
    });
  }

  test('a session of mppx: one voucher a call, and the chain gets what was served when it is closed', async () => {
    const { rpcUrl } = readLocal().tempo;
    const privateKey = generatePrivateKey();
    const { address } = privateKeyToAccount(privateKey);
    await openTempoLedger(rpcUrl).fund(address, 20_000_000n);
    const { received } = onTempo();
    const [before, books] = await Promise.all([received(), readBooks()]);
    const session = payers.session({ privateKey, rpcUrl }, '5');
    const requestIds: (string | null)[] = [];
    for (let call = 0; call < 3; call += 1) {
      const response = await session.fetch(readLocal().paidUrl);
      expect([response.status, response.headers.get('tollwright-cost-usd')]).toEqual([200, '0.50']);
      requestIds.push(response.headers.get('x-request-id'));
    }
    expect(await session.close()).toMatchObject({ acceptedCumulative: `${3n * PRICE_ATOMIC}` });
    expect((await received()) - before).toBe(3n * PRICE_ATOMIC);
    const rows = () =>
      query<{ state: string; scheme: string; price: string; rail: string }>(
        `SELECT p.state, p.body ->> 'scheme' AS scheme, p.price_nano_usd::text AS price, e.rail
         FROM payment p JOIN usage_event e ON e.body ->> 'paymentId' = p.id WHERE e.request_id = ANY($1)`,
        [requestIds],
      );
    const paid = { state: 'settled', scheme: 'session', price: PRICE_NANO_USD, rail: 'tempo' };
    await expect.poll(rows).toEqual([paid, paid, paid]);
    const moved = async () => movedBetween(books, await readBooks());
    await expect.poll(moved).toEqual({ clearing_tempo: 3n * PRICE, revenue: -3n * PRICE });
  });
});

test('@x402/fetch pays by use, under a ceiling: what was used leaves its wallet, and no more', async () => {
  const { uptoUrl, chain } = readLocal();
  const account = privateKeyToAccount(agentKey());
  const client = new x402Client().register('eip155:84532', new UptoEvmScheme(account, { rpcUrl: chain.rpcUrl }));
  const body = JSON.stringify({ model: 'toll-small', max_tokens: 20, messages: [{ role: 'user', content: 'Hello' }] });
  const headers = { 'content-type': 'application/json' };
  const { received } = onChain(0);
  const before = await received();
  const response = await wrapFetchWithPayment(fetch, client)(uptoUrl, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  const transaction = transactionIn('payment-response')(response);
  const moved = (await received()) - before;
  expect(moved).toBeGreaterThan(0n);
  const shown = async () =>
    (await done(management.GET('/payments', { params: { query: { transaction } } }))).items[0] ?? null;
  await expect.poll(shown).toMatchObject({ state: 'settled', rail: 'x402', amountAtomic: moved.toString() });
  const payment = await shown();
  const events = () =>
    query("SELECT body ->> 'chargedNanoUsd' AS charged FROM usage_event WHERE request_id = $1", [
      response.headers.get('x-request-id'),
    ]);
  await expect.poll(events).toEqual([{ charged: payment?.priceNanoUsd }]);
  expect(BigInt(payment?.priceNanoUsd ?? 0) + BigInt(payment?.roundingNanoUsd ?? 0)).toBe(moved * 1_000n);
});

test('mppx validate finds what is sold, asks for every price, pays it, and fails nothing', async () => {
  test.setTimeout(180_000);
  const { api, tempo, stripeDoubleUrl } = readLocal();
  const { code, verdict } = await validateByMppx(api.baseUrl, {
    evm: { privateKey: agentKey() },
    tempo: { privateKey: tempo.agentPrivateKey as Hex, rpcUrl: tempo.rpcUrl },
    stripe: { url: stripeDoubleUrl, secretKey: STRIPE_KEY, paymentMethod: 'pm_card_visa' },
  });
  expect(verdict.discovery).toMatchObject({ found: true, valid: true });
  expect(verdict.endpoints.map(({ method, path }) => `${method} ${path}`)).toContain('GET /weather');
  const failed = verdict.endpoints.flatMap(({ method, path, challenge, errorHandling, payment }) =>
    [...challenge, ...errorHandling, ...payment]
      .filter(({ severity }) => severity === 'fail')
      .map(({ label, detail }) => `${method} ${path}: ${label}: ${detail ?? ''}`),
  );
  expect([code, failed]).toEqual([0, []]);
  test.info().annotations.push({ type: 'mppx validate', description: JSON.stringify(verdict.summary) });
});

test('what the ledger says came in is what chains and Stripe have more, to the unit', async () => {
  const differences = async () => {
    const [books, holdings] = await Promise.all([readBooks(), readHoldings()]);
    const { clearing_x402: x402 = 0n, clearing_evm: evm = 0n, ...moved } = movedBetween(booksBefore, books);
    return {
      evm: holdings.evm - holdingsBefore.evm - x402 - evm,
      tempo: holdings.tempo - holdingsBefore.tempo - (moved.clearing_tempo ?? 0n),
      stripe: holdings.stripe - holdingsBefore.stripe - (moved.clearing_stripe ?? 0n),
    };
  };
  await expect.poll(differences).toEqual({ evm: 0n, tempo: 0n, stripe: 0n });
  const { evm, tempo, stripe } = await readHoldings();
  // Each of them moved, so that finding no difference means something.
  for (const more of [evm - holdingsBefore.evm, tempo - holdingsBefore.tempo, stripe - holdingsBefore.stripe]) {
    expect(more).toBeGreaterThanOrEqual(PRICE);
  }
});
