import { expect, test } from '@playwright/test';
import {
  askStripe,
  loadMppx,
  localNetwork,
  type MppxPayers,
  mppxPayers,
  openLedger,
  openTempoLedger,
  validateByMppx,
} from '@tollwright/testing';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { query } from './database.ts';
import { readLocal } from './local.ts';
import { done, openManagement } from './management.ts';
import { fromBase64, newPayer, type Payer } from './payer.ts';

const PRICE_NANO_USD = '500000000';
const PRICE_ATOMIC = 500_000n;
const PRICE_CENTS = 50n;
const STRIPE_KEY = 'sk_live_double_of_the_demo';
const management = openManagement();

let payers: MppxPayers;
let payer: Payer;
test.beforeAll(async () => {
  payers = mppxPayers(await loadMppx());
  payer = await newPayer(5_000_000n);
});

/** Where money arrives, as those say who move it. */
interface Account {
  readonly network: string;
  /** In the unit of what is paid with. */
  received(): Promise<bigint>;
}

function onChain(index: 0 | 1): Account & { readonly chainId: number } {
  const chain = readLocal().chains[index];
  if (chain === undefined) throw new Error(`the product runs no chain ${index}`);
  const { rpcUrl, chainId, network, payTo } = chain;
  return { chainId, network, received: () => openLedger(rpcUrl, localNetwork(chainId)).balanceOf(payTo as Hex) };
}

function onTempo(): Account {
  const { rpcUrl, chainId, payTo } = readLocal().tempo;
  return { network: `eip155:${chainId}`, received: () => openTempoLedger(rpcUrl).balanceOf(payTo as Hex) };
}

function atStripe(): Account {
  const account = { url: readLocal().stripeDoubleUrl, secretKey: STRIPE_KEY };
  const received = async () => {
    const { data } = await askStripe(account, '/v1/payment_intents?limit=100');
    return (data as { amount_received: number }[]).reduce((sum, one) => sum + BigInt(one.amount_received), 0n);
  };
  return { network: 'stripe', received };
}

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
  for (const [name, { rail, account, pay, transactionOf }] of Object.entries(CLIENTS)) {
    test(`${name}: 200, and receipt, record, ledger and whoever moved the money say the same`, async () => {
      const { network, received } = account();
      const before = await received();
      const response = await pay();
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ city: 'Lisbon' });
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
      await expect.poll(events).toEqual([{ charged: PRICE_NANO_USD, rail, payment: (await shown())?.id }]);
    });
  }

  test('a session of mppx: one voucher a call, and the chain gets what was served when it is closed', async () => {
    const { rpcUrl } = readLocal().tempo;
    const privateKey = generatePrivateKey();
    const { address } = privateKeyToAccount(privateKey);
    await openTempoLedger(rpcUrl).fund(address, 20_000_000n);
    const { received } = onTempo();
    const before = await received();
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
