import { queryOnce } from '@tollwright/testing';
import { createPublicClient, decodeFunctionData, type Hex, http, parseAbi, serializeSignature } from 'viem';
import { eventually } from '../../eventually.ts';
import { type PaymentRequired, paymentHeader, type SignedPayment, signPayment } from '../../payer.ts';
import { fundedPayer, type Money, offerAt, type PaidAnswer, present } from '../money.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { drive, type Gateway } from '../scene.ts';
import { CALL_NANO_USD } from '../tenant.ts';
import { epochAfter, loseStore } from './store-lost.ts';

const TRANSFERS = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
]);
const AT_ONCE = 6;

/** A settled authorization is public: whoever shows it gets a 409 without a body to read, also from a store that was lost since. */
export const calldata: Scenario = {
  name: 'calldata',
  about:
    "A payment's header is rebuilt from the chain's calldata and shown again, also while and after the store is lost.",
  store: 'own',
  sellsToStrangers: true,
  async run(scene) {
    const { stage } = scene;
    const money = stage.money as Money;
    const { expect, failures } = new Expectations();
    const gateways = await Promise.all(['a', 'b'].map((name) => scene.gateway(name)));
    const account = await scene.account('calls', CALL_NANO_USD * 10n);
    const known = await scene.call(gateways[0] as Gateway, account);
    expect(known.status === 200, `a customer's call got ${known.status}`);
    const epoch = await stage.untilOpen();
    if (stage.adapter === 'postgres') await stage.store.copyAside();
    const url = () => (gateways[Math.floor(Math.random() * gateways.length)] as Gateway).url;
    const offer = await eventually('strangers are made an offer', 30_000, async () => {
      const [first, second] = await Promise.all(gateways.map((gateway) => offerAt(gateway.url)));
      return first && second ? first : null;
    });
    const payment = await signPayment(await fundedPayer(money, 5), offer);
    const paid = await present(url(), paymentHeader(payment), 'payer');
    expect(paid.status === 200 && paid.transaction !== null, `the payment was answered ${paid.status} ${paid.text}`);
    const rebuilt = await fromCalldata(money, offer, paid.transaction as Hex);
    expect(rebuilt.payload.signature === payment.payload.signature, 'the calldata hold another signature');
    await eventually('the payment is settled in Postgres', 30_000, async () => {
      const rows = await queryOnce<{ state: string }>(stage.database.url, 'SELECT state FROM payment');
      return rows.length === 1 && rows[0]?.state === 'settled' ? true : null;
    });
    const show = (turn: number) => present(url(), paymentHeader(turn % 2 === 0 ? rebuilt : payment), 'thief');
    const before = await Promise.all(Array.from({ length: AT_ONCE }, (_, turn) => show(turn)));
    const thieves = drive(3, async (turn) => ({ ...(await show(turn)), requestId: null }));
    await loseStore(stage);
    const raised = await epochAfter(stage, epoch);
    gateways.push(await scene.gateway('c'));
    await eventually('every gateway knows the payment', 60_000, async () => {
      const all = await Promise.all(gateways.map((gateway) => present(gateway.url, paymentHeader(rebuilt), 'thief')));
      return all.every(isRefused) ? true : null;
    });
    const after = await Promise.all(Array.from({ length: AT_ONCE }, (_, turn) => show(turn)));
    await thieves.stop();
    const forwarded = (mark: string) =>
      stage.upstream.log.calls(null).filter((call) => call.headers['x-account'] === mark);
    const saidOf = (answers: readonly Pick<PaidAnswer, 'status' | 'slug'>[]) =>
      [...new Set(answers.map(({ status, slug }) => `${status} ${slug}`))].join(', ');
    expect(before.every(isRefused), `shown again before the loss: ${saidOf(before)}`);
    expect(after.every(isRefused), `shown again after the rebuild: ${saidOf(after)}`);
    const served = thieves.answers.filter(({ status }) => status >= 200 && status < 300);
    expect(served.length === 0, `while the store was lost ${served.length} were served`);
    const unknown = thieves.answers.filter(({ status }) => status === 404);
    expect(unknown.length === 0, `while the store was lost the route was unknown to ${unknown.length}`);
    const told = [...before, ...after, ...thieves.answers].filter(({ text }) => text.includes('temperatureCelsius'));
    expect(told.length === 0, `${told.length} answers held the body`);
    expect(forwarded('payer').length === 1, `the upstream ran ${forwarded('payer').length} times for the payer`);
    expect(forwarded('thief').length === 0, `the upstream ran ${forwarded('thief').length} times for a rebuilt header`);
    const shown = before.length + after.length + thieves.answers.length;
    return {
      attempts: 2 + shown,
      counted: [{ account }],
      raw: {
        shown,
        ...{ ...countStatuses(thieves.answers), epoch: raised },
        ...{ upstreamForPayer: forwarded('payer').length, upstreamForThief: forwarded('thief').length },
      },
      failures,
    };
  },
};

/** That payment is over. One that is under way is refused with the same status. */
function isRefused({ status, slug }: Pick<PaidAnswer, 'status' | 'slug'>): boolean {
  return status === 409 && slug === 'payment-used';
}

/** How often each status was answered while the store was lost. */
function countStatuses(answers: readonly { readonly status: number }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[`meanwhile${status}`] = (counts[`meanwhile${status}`] ?? 0) + 1;
  return counts;
}

/** The payment as anybody can make it who reads the chain. */
async function fromCalldata({ chain }: Money, offer: PaymentRequired, hash: Hex): Promise<SignedPayment> {
  const { input } = await createPublicClient({ transport: http(chain.rpcUrl) }).getTransaction({ hash });
  const { args } = decodeFunctionData({ abi: TRANSFERS, data: input });
  const [from, to, value, validAfter, validBefore, nonce] = args;
  const signature = args.length === 7 ? args[6] : serializeSignature({ v: BigInt(args[6]), r: args[7], s: args[8] });
  const texts = { value: String(value), validAfter: String(validAfter), validBefore: String(validBefore) };
  const [accepted] = offer.accepts;
  if (accepted === undefined) throw new Error('the challenge offers nothing');
  const payload = { signature, authorization: { from, to, nonce, ...texts } };
  return { x402Version: 2, resource: offer.resource, accepted, payload };
}
