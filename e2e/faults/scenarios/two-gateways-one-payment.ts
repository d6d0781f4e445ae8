import { setTimeout as sleep } from 'node:timers/promises';
import { type Facilitator, queryOnce, startFacilitator } from '@tollwright/testing';
import { createPublicClient, type Hex, http, parseAbiItem } from 'viem';
import { eventually } from '../../eventually.ts';
import { paymentHeader, type SignedPayment, signPayment } from '../../payer.ts';
import { fundedPayer, type Money, offerAt, type PaidAnswer, present } from '../money.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { CALL_NANO_USD } from '../tenant.ts';

/** How many payments; of `killed` the gateway is killed while they are settled, of `untold` the facilitator's answer is lost. */
const WHOLE = { payments: 40, killed: 8, untold: 4 };
const SHORT = { payments: 14, killed: 4, untold: 2 };
const CLIENTS = 4;
/** Long enough to show what is being settled elsewhere, and to kill. */
const SETTLING_MS = 8_000;
const RESOLVED_MS_MAX = 60_000;
/** What a gateway knows is in Postgres a moment later. */
const ARRIVED_MS_MAX = 30_000;
const USED = parseAbiItem('event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)');

/** A signed payment, and everything that its presenters were answered. */
interface Shown {
  readonly mark: string;
  readonly payment: SignedPayment;
  readonly answers: PaidAnswer[];
}

/**
 * A payment runs the upstream once and is settled once, whoever shows it where and however often. Where its gateway could not
 * tell how it ended, presenting it again ends in a state that stays, and the provider has an incident of it.
 */
export const twoGatewaysOnePayment: Scenario = {
  name: 'two-gateways-one-payment',
  about:
    'Forty payments, each shown to two gateways with two facilitators at once; one gateway is killed while some are settled.',
  sellsToStrangers: true,
  async run(scene, { short }) {
    const { stage } = scene;
    const size = short ? SHORT : WHOLE;
    const money = stage.money as Money;
    const { expect, failures } = new Expectations();
    const other = await otherFacilitator(money);
    const facilitators = [money.facilitator, other];
    const settles = () => money.facilitator.counts.settle + other.counts.settle;
    const elsewhere = {
      ...{ FACILITATOR_URL: other.url, TOLLWRIGHT_EGRESS_ALLOW: `${stage.egressAllow},127.0.0.1:${other.port}` },
    };
    const a = await scene.gateway('a');
    const b = await scene.gateway('b', { env: elsewhere });
    const account = await scene.account('calls', CALL_NANO_USD * 10n);
    const known = await scene.call(a, account);
    expect(known.status === 200, `a customer's call got ${known.status}`);
    const offer = await eventually('strangers are made an offer', 30_000, () => offerAt(a.url));
    await eventually('the other gateway makes it too', 30_000, () => offerAt(b.url));
    const payer = await fundedPayer(money, size.payments);
    const payments = await Promise.all(
      Array.from({ length: size.payments }, async (_, index): Promise<Shown> => {
        return { mark: `payment-${index}`, payment: await signPayment(payer, offer), answers: [] };
      }),
    );
    const show = async (one: Shown, gateway: Gateway) => {
      const answer = await present(gateway.url, paymentHeader(one.payment), one.mark);
      one.answers.push(answer);
      return answer;
    };
    const showAll = (some: readonly Shown[], gateways: readonly Gateway[]) =>
      Promise.all(
        some.flatMap((one, index) =>
          Array.from({ length: CLIENTS }, (_, client) =>
            show(one, gateways[(index + client) % gateways.length] as Gateway),
          ),
        ),
      );
    const killed = payments.slice(0, size.killed);
    const untold = payments.slice(size.killed, size.killed + size.untold);
    const [probe, ...plain] = payments.slice(size.killed + size.untold);
    await showAll(plain, [a, b]);
    for (const { faults } of facilitators) faults.loseSettleReplies = size.untold;
    await showAll(untold, [a, b]);
    for (const { faults } of facilitators) faults.loseSettleReplies = 0;
    // One whose answers were lost rests for a while, and refuses what it is shown meanwhile.
    await eventually('the facilitator is asked again', 30_000, async () =>
      probe === undefined || (await show(probe, a)).status === 200 ? true : null,
    );
    const settlesBefore = settles();
    money.facilitator.faults.settleDelayMs = SETTLING_MS;
    const cut = Promise.all(killed.map((one) => show(one, a)));
    await eventually('every payment is being settled', SETTLING_MS, async () =>
      settles() === settlesBefore + size.killed ? true : null,
    );
    const meanwhile = await Promise.all(killed.map((one) => show(one, b)));
    await a.kill();
    await cut;
    const early = meanwhile.filter(({ status, slug }) => status !== 409 || slug !== 'payment-in-progress');
    expect(early.length === 0, `shown while it was settled: ${saidOf(early)}`);
    const lateAt = Date.now();
    await eventually('every payment has a state that stays', RESOLVED_MS_MAX, async () => {
      const last = await Promise.all(payments.map((one) => show(one, b)));
      return last.every(({ slug }) => slug === 'payment-used') ? true : null;
    }).catch((error: unknown) =>
      failures.push(`${error}: ${saidOf(payments.flatMap(({ answers }) => answers.slice(-1)))}`),
    );
    const resolvedMs = Date.now() - lateAt;
    await other.close();
    const figures = await untilArrived(stage, money, payments);
    expect(figures.answeredTwice === 0, `${figures.answeredTwice} payments were answered twice`);
    expect(figures.unanswered === size.killed + size.untold, `${figures.unanswered} payments were not answered`);
    expect(figures.upstreamTwice === 0, `the upstream ran twice for ${figures.upstreamTwice} payments`);
    expect(figures.settledOnChain === size.payments, `${figures.settledOnChain} payments were settled on the chain`);
    expect(settles() === size.payments, `the facilitators were asked to settle ${settles()} times`);
    expect(figures.incidents === figures.unanswered, `${figures.incidents} payments have an incident`);
    expect(figures.settledRows === size.payments, `${figures.settledRows} payments are settled in Postgres`);
    expect(figures.withoutEvent === 0, `${figures.withoutEvent} paid calls have no event`);
    expect(figures.eventsTwice === 0, `${figures.eventsTwice} paid calls have two events`);
    return {
      attempts: 1 + payments.reduce((sum, { answers }) => sum + answers.length, 0),
      counted: [{ account }],
      raw: { ...size, resolvedMs, ...figures },
      failures,
    };
  },
};

/** Another one, which broadcasts from an account of its own. */
function otherFacilitator({ chain }: Money): Promise<Facilitator> {
  const signer = chain.accounts[2];
  if (signer === undefined) throw new Error('the chain has ten accounts');
  return startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey: signer.privateKey });
}

function saidOf(answers: readonly Pick<PaidAnswer, 'status' | 'slug'>[]): string {
  return [...new Set(answers.map(({ status, slug }) => `${status} ${slug}`))].join(', ');
}

/** What the witnesses say as soon as Postgres has heard of every payment, call and incident, or when it should have. */
async function untilArrived(stage: Stage, money: Money, payments: readonly Shown[]) {
  const deadline = Date.now() + ARRIVED_MS_MAX;
  for (;;) {
    const figures = await witness(stage, money, payments);
    const { settledRows, withoutEvent, incidents, unanswered } = figures;
    const isThere = settledRows >= payments.length && withoutEvent === 0 && incidents >= unanswered;
    if (isThere || Date.now() > deadline) return figures;
    await sleep(150);
  }
}

/** What clients, the upstream, the chain and Postgres say of these payments. */
async function witness({ upstream, database }: Stage, { chain }: Money, payments: readonly Shown[]) {
  const answered = payments.map(({ answers }) => answers.filter(({ status }) => status === 200).length);
  const marks = new Set(payments.map(({ mark }) => mark));
  const calls = upstream.log.calls(null).filter(({ headers }) => marks.has(headers['x-account'] ?? ''));
  const used = await createPublicClient({ transport: http(chain.rpcUrl) }).getLogs({
    ...{ address: chain.usdc, event: USED, fromBlock: 0n },
    args: { authorizer: payments[0]?.payment.payload.authorization.from as Hex },
  });
  const settled = await queryOnce<{ nonce: string }>(database.url, "SELECT nonce FROM payment WHERE state = 'settled'");
  const [incidents] = await queryOnce<{ n: string }>(
    database.url,
    "SELECT count(DISTINCT detail ->> 'paymentId') AS n FROM incident WHERE kind = 'unanswered-payment'",
  );
  const events = await queryOnce<{ n: string }>(
    database.url,
    'SELECT count(*) AS n FROM usage_event WHERE request_id = ANY($1) GROUP BY request_id',
    [calls.map(({ requestId }) => requestId)],
  );
  return {
    answeredTwice: answered.filter((times) => times > 1).length,
    unanswered: answered.filter((times) => times === 0).length,
    paidCalls: calls.length,
    upstreamTwice: calls.length - new Set(calls.map(({ headers }) => headers['x-account'])).size,
    settledOnChain: used.length,
    incidents: Number(incidents?.n),
    settledRows: new Set(settled.map(({ nonce }) => nonce)).size,
    withoutEvent: calls.length - events.length,
    eventsTwice: events.filter(({ n }) => Number(n) > 1).length,
  };
}
