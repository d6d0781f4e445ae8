import { listRoutes, SYSTEM, updateRoute } from '@tollwright/services';
import { loadMppx, type MppxClient, mppxPayers, type PeerSeller } from '@tollwright/testing';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { eventually } from '../eventually.ts';
import { PRICE_ATOMIC, PRICE_NANO_USD, STRIPE_KEY } from '../faults/payments/every-rail.ts';
import { askStripe } from '../faults/payments/payer.ts';
import { API_PATH } from '../faults/tenant.ts';
import { asksAgain, debitsOf, forwardedBy, type Lab, paidUrl, type Seen, tallied, wordOf } from './lab.ts';
import type { DefectRow } from './row.ts';

const AT_ONCE = 10;
const WORK_MS = 300;
const RESOLVED_MS_MAX = 60_000;
const CENT_NANO_USD = 10_000_000n;
const show = (url: string, authorization: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { authorization, ...init.headers } });
const libraryUrl = ({ mppx }: Lab, method: 'stripe' | 'evm', below = '') => `${mppx.url}${below}/${method}`;

async function clientOf({ rails: { chain, stripe } }: Lab, method: 'stripe' | 'evm', paymentMethod = 'pm_card_visa') {
  const payers = mppxPayers(await loadMppx());
  const privateKey = generatePrivateKey();
  const payer = privateKeyToAccount(privateKey).address;
  if (method === 'evm') await chain.mint(payer, PRICE_ATOMIC * 2n);
  const client: MppxClient =
    method === 'evm'
      ? payers.evm({ privateKey, chainId: chain.chainId })
      : payers.stripe({ url: stripe.url, secretKey: STRIPE_KEY, paymentMethod });
  return { client, payer };
}

/** A credential for the 402 at `url`. */
async function signMpp(lab: Lab, url: string, method: 'stripe' | 'evm', paymentMethod?: string) {
  const { client, payer } = await clientOf(lab, method, paymentMethod);
  return { payer, authorization: await client.createCredential(await fetch(url)) };
}

async function charges({ rails }: Lab): Promise<number> {
  const { data } = (await askStripe(rails, '/v1/payment_intents?limit=100')) as { data: { status: string }[] };
  return data.filter(({ status }) => status === 'succeeded').length;
}

async function chargesBy(lab: Lab, work: () => Promise<unknown>): Promise<number> {
  const before = await charges(lab);
  await work();
  return (await charges(lab)) - before;
}

async function refundsAt({ rails }: Lab): Promise<number> {
  return ((await askStripe(rails, '/v1/refunds?limit=100')) as { data: unknown[] }).data.length;
}

function refundsSince(lab: Lab, before: number): Promise<number> {
  return eventually('the money goes back', RESOLVED_MS_MAX, async () => {
    const found = (await refundsAt(lab)) - before;
    return found > 0 ? found : null;
  });
}

const failing = { headers: { 'x-upstream-status': '503' } };

async function workOf(seller: PeerSeller, how: { status?: number; delayMs?: number }, work: () => Promise<unknown>) {
  const before = seller.work.runs;
  Object.assign(seller.work, { status: 200, delayMs: 0, ...how });
  await work();
  Object.assign(seller.work, { status: 200, delayMs: 0 });
  return seller.work.runs - before;
}

async function failStripe({ rails: { stripe } }: Lab): Promise<void> {
  stripe.faults.add({
    act: 'error',
    when: 'before',
    status: 500,
    count: 1,
    path: '^/v1/(payment_intents$|shared_payment/granted_tokens/)',
  });
}

async function chargeTwice(lab: Lab, url: string) {
  const challenge = await fetch(url);
  const one = (await clientOf(lab, 'stripe')).client;
  const tokens = [await one.createCredential(challenge.clone()), await one.createCredential(challenge)];
  const answers: Response[] = [];
  const charged = await chargesBy(lab, async () => {
    for (const token of tokens) answers.push(await show(url, token));
  });
  return { first: answers[0]?.status ?? 0, second: await wordOf(answers[1] as Response), charges: charged };
}

async function showTwice(lab: Lab, url: string) {
  const { authorization } = await signMpp(lab, url, 'stripe');
  const [first, second] = [await show(url, authorization), await show(url, authorization)];
  const same = (await first.text()) === (await second.clone().text());
  return { first: first.status, second: await wordOf(second), same };
}

async function processing(lab: Lab, url: string) {
  const { authorization } = await signMpp(lab, url, 'stripe', 'pm_usBankAccount_success');
  const answer = await show(url, authorization);
  return { authorization, seen: { asksAgain: asksAgain(answer), answer: await wordOf(answer) } };
}

const items = { one: '/items/1', other: '/items/2' };

async function unreachable(lab: Lab, url: string) {
  const { authorization } = await signMpp(lab, url, 'stripe');
  await failStripe(lab);
  const first = await show(url, authorization);
  const asked = asksAgain(first);
  return { asksAgain: asked, first: await wordOf(first), again: (await show(url, authorization)).status };
}

async function otherRoute(lab: Lab, url: string, other: string, init: RequestInit = {}) {
  const { authorization } = await signMpp(lab, url, 'evm');
  return { elsewhere: await wordOf(await show(other, authorization, init)) };
}

async function ownersAct(lab: Lab, url: string) {
  const { authorization } = await signMpp(lab, url, 'stripe', 'pm_card_authenticationRequired');
  const answer = await wordOf(await show(url, authorization));
  const { data } = (await askStripe(lab.rails, '/v1/payment_intents?limit=1')) as { data: { status: string }[] };
  return { answer, intent: data[0]?.status ?? 'none' };
}

const POSTED = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"city":"Lisbon"}' };

/** What goes wrong by MPP, and what mppx makes of it. */
export const MPP_ROWS: readonly DefectRow[] = [
  {
    row: 'mpp-ten-at-once',
    async ours(lab) {
      const { payer, authorization } = await signMpp(lab, paidUrl(lab), 'evm');
      const settles = lab.rails.facilitator.counts.settle;
      const slowly = { headers: { 'x-upstream-delay-ms': String(WORK_MS) } };
      const runs = await forwardedBy(lab, () =>
        Promise.all(Array.from({ length: AT_ONCE }, () => show(paidUrl(lab), authorization, slowly))),
      );
      return { runs, settlements: lab.rails.facilitator.counts.settle - settles, debits: await debitsOf(lab, payer) };
    },
    expected: { runs: 1, settlements: 1, debits: 1 },
    async library(lab) {
      const url = libraryUrl(lab, 'evm');
      const { payer, authorization } = await signMpp(lab, url, 'evm');
      const settles = lab.rails.facilitator.counts.settle;
      let answers: Response[] = [];
      const runs = await workOf(lab.mppx, { delayMs: WORK_MS }, async () => {
        answers = await Promise.all(Array.from({ length: AT_ONCE }, () => show(url, authorization)));
      });
      const settlements = lab.rails.facilitator.counts.settle - settles;
      return { ...tallied(answers), runs, settlements, debits: await debitsOf(lab, payer) };
    },
  },
  {
    row: 'mpp-second-token',
    ours: (lab) => chargeTwice(lab, paidUrl(lab)),
    expected: { first: 200, second: '409 payment-used', charges: 1 },
    library: (lab) => chargeTwice(lab, libraryUrl(lab, 'stripe')),
  },
  {
    row: 'mpp-other-route',
    ours: (lab) => otherRoute(lab, paidUrl(lab), paidUrl(lab, 'before')),
    expected: { elsewhere: '402 payment-invalid' },
    library: (lab) => otherRoute(lab, libraryUrl(lab, 'evm'), libraryUrl(lab, 'evm', '/also')),
  },
  {
    row: 'mpp-other-method',
    ours: (lab) =>
      otherRoute(lab, paidUrl(lab), `${lab.gateway.url}${API_PATH}/v1/chat/completions`, {
        ...POSTED,
        body: '{"model":"toll-small","messages":[]}',
      }),
    expected: { elsewhere: '402 payment-invalid' },
    library: (lab) => otherRoute(lab, libraryUrl(lab, 'evm'), libraryUrl(lab, 'evm'), POSTED),
  },
  {
    row: 'mpp-answer-again',
    ours: (lab) => showTwice(lab, paidUrl(lab)),
    expected: { first: 200, second: '200', same: true },
    library: (lab) => showTwice(lab, libraryUrl(lab, 'stripe')),
  },
  {
    row: 'mpp-upstream-503',
    async ours(lab) {
      const { authorization } = await signMpp(lab, paidUrl(lab, 'before'), 'stripe');
      const before = await refundsAt(lab);
      const answer = await show(paidUrl(lab, 'before'), authorization, failing);
      return { status: answer.status, refunds: await refundsSince(lab, before) };
    },
    expected: { status: 503, refunds: 1 },
    async library(lab) {
      const url = libraryUrl(lab, 'stripe');
      const { authorization } = await signMpp(lab, url, 'stripe');
      const before = await refundsAt(lab);
      let answer = new Response();
      const charged = await chargesBy(lab, () =>
        workOf(lab.mppx, { status: 503 }, async () => (answer = await show(url, authorization))),
      );
      return { status: answer.status, charges: charged, refunds: (await refundsAt(lab)) - before };
    },
  },
  {
    row: 'mpp-receipt-on-error',
    async ours(lab) {
      const { authorization } = await signMpp(lab, paidUrl(lab, 'before'), 'evm');
      const answer = await show(paidUrl(lab, 'before'), authorization, failing);
      return { status: answer.status, receipt: answer.headers.has('payment-receipt') };
    },
    expected: { status: 503, receipt: false },
    async library(lab) {
      const url = libraryUrl(lab, 'evm');
      const { authorization } = await signMpp(lab, url, 'evm');
      let answer = new Response();
      await workOf(lab.mppx, { status: 503 }, async () => (answer = await show(url, authorization)));
      return { status: answer.status, receipt: answer.headers.has('payment-receipt') };
    },
  },
  {
    row: 'mpp-stripe-down',
    ours: (lab) => unreachable(lab, paidUrl(lab)),
    expected: { asksAgain: false, first: '503 state-unavailable', again: 200 },
    library: (lab) => unreachable(lab, libraryUrl(lab, 'stripe')),
  },
  {
    row: 'mpp-processing',
    async ours(lab) {
      const before = await refundsAt(lab);
      let seen: Seen = {};
      const charged = await chargesBy(lab, async () => {
        const { authorization, seen: first } = await processing(lab, paidUrl(lab));
        const later = await eventually('the bank has paid', RESOLVED_MS_MAX, async () => {
          const word = await wordOf(await show(paidUrl(lab), authorization));
          return word.startsWith('503') ? null : word;
        });
        seen = { ...first, later };
      });
      return { ...seen, charges: charged, refunds: await refundsSince(lab, before) };
    },
    expected: { asksAgain: false, answer: '503 payment-unknown', later: '409 payment-used', charges: 1, refunds: 1 },
    library: async (lab) => (await processing(lab, libraryUrl(lab, 'stripe'))).seen,
  },
  {
    row: 'mpp-requires-action',
    ours: (lab) => ownersAct(lab, paidUrl(lab)),
    expected: { answer: '402 payment-invalid', intent: 'canceled' },
    library: (lab) => ownersAct(lab, libraryUrl(lab, 'stripe')),
  },
  {
    row: 'mpp-below-minimum',
    async ours(lab) {
      await priceWeather(lab, CENT_NANO_USD);
      const offered = await eventually('the price is lower', RESOLVED_MS_MAX, async () => {
        const { headers } = await fetch(paidUrl(lab));
        const challenges = headers.get('www-authenticate') ?? '';
        return challenges.includes('method="stripe"') ? null : challenges;
      });
      await priceWeather(lab, PRICE_NANO_USD);
      await eventually('the price is as before', RESOLVED_MS_MAX, async () =>
        ((await fetch(paidUrl(lab))).headers.get('www-authenticate') ?? '').includes('method="stripe"') ? true : null,
      );
      return { stripeOffered: offered.includes('method="stripe"'), evmOffered: offered.includes('method="evm"') };
    },
    expected: { stripeOffered: false, evmOffered: true },
    async library(lab) {
      const { headers } = await fetch(libraryUrl(lab, 'stripe', '/cheap'));
      return { stripeOffered: (headers.get('www-authenticate') ?? '').includes('method="stripe"') };
    },
  },
  {
    row: 'mpp-header-leak',
    async ours(lab) {
      const mark = `leak-${generatePrivateKey()}`;
      const { authorization } = await signMpp(lab, paidUrl(lab), 'evm');
      const status = (await show(paidUrl(lab), authorization, { headers: { 'x-account': mark } })).status;
      const call = lab.stage.upstream.log.calls(null).find(({ headers }) => headers['x-account'] === mark);
      const seen = Object.entries(call?.headers ?? {});
      const leaked = seen.filter(
        ([name, value]) => /payment/i.test(name) || `${value}`.includes(authorization.slice(8)),
      );
      return { status, seen: seen.length > 0, leaked: leaked.map(([name]) => name).join(',') };
    },
    expected: { status: 200, seen: true, leaked: '' },
    async library(lab) {
      const { mppxProxy } = lab;
      const { client } = await clientOf(lab, 'stripe');
      const url = `${mppxProxy.url}${items.one}`;
      const credential = await client.createCredential(await fetch(url));
      const { status } = await fetch(url, { headers: { 'payment-authorization': credential } });
      const seen = Object.entries(mppxProxy.work.headers);
      const leaked = seen.filter(([, value]) => `${value}`.includes(credential.slice(8))).map(([name]) => name);
      return { status, seen: seen.length > 0, leaked: leaked.join(',') };
    },
  },
  {
    row: 'mpp-other-item',
    async ours(lab) {
      const { authorization } = await signMpp(lab, paidUrl(lab), 'stripe');
      const elsewhere = paidUrl(lab).replace('city=Porto', 'city=Lisbon');
      let word = '';
      const runs = await forwardedBy(lab, async () => {
        word = await wordOf(await show(elsewhere, authorization));
      });
      return { elsewhere: word, runs };
    },
    expected: { elsewhere: '402 payment-invalid', runs: 0 },
    async library(lab) {
      const { mppxProxy } = lab;
      const { client } = await clientOf(lab, 'stripe');
      const credential = await client.createCredential(await fetch(`${mppxProxy.url}${items.one}`));
      const before = mppxProxy.work.runs;
      const answer = await fetch(`${mppxProxy.url}${items.other}`, {
        headers: { 'payment-authorization': credential },
      });
      return { elsewhere: await wordOf(answer), runs: mppxProxy.work.runs - before };
    },
  },
];

async function priceWeather({ stage }: Lab, strangerPriceNanoUsd: bigint): Promise<void> {
  const { providerId, apiId } = stage.tenant;
  const { items } = await listRoutes(stage.services, SYSTEM, { providerId, apiId });
  const route = items.find(({ pathTemplate }) => pathTemplate === '/weather');
  if (route === undefined) throw new Error('the sample upstream has no weather');
  const price = { strangerPriceNanoUsd: String(strangerPriceNanoUsd) };
  await updateRoute(stage.services, SYSTEM, { providerId, routeId: route.id, ...price });
}
