import { creditNodeOf, nanoUsd } from '@tollwright/core';
import { beginCard, getTopUps, ingestSpool, type ServiceContext, saveCard, setTopUp } from '@tollwright/services';
import { createBatcher } from '@tollwright/state';
import { StripeClients } from '@tollwright/stripe';
import {
  createPrepaidWorld,
  openServicesHarness,
  type PrepaidWorld,
  type ServicesHarness,
  type StripeDouble,
  startStripeDouble,
  worldEventOf,
} from '@tollwright/testing';
import { topUpsQueue } from './top-ups.ts';

export const USD = 1_000_000_000n;

/** A customer of a prepaid plan, its provider's account at a double of Stripe, and the worker's job. */
export interface TopUpStage {
  readonly harness: ServicesHarness;
  readonly world: PrepaidWorld;
  readonly double: StripeDouble;
  /** Saves a card by Stripe's page, as a person does. */
  save(method: string): Promise<void>;
  /** 5 USD whenever it falls below 2; `capUsd` a month. */
  rule(capUsd: bigint, agentId?: string): ReturnType<typeof setTopUp>;
  /** A call that is charged so much of a balance: the customer's, or an agent's. */
  draw(amount: bigint, limit: bigint, owner?: string): Promise<void>;
  /** Rounds of the job, as one worker runs them. */
  rounds(count: number, ctx?: ServiceContext): Promise<void>;
  topUps(): ReturnType<typeof getTopUps>;
  /** Every charge that Stripe made. */
  charged(): Promise<number[]>;
  paidIn(agentId?: string | null): Promise<bigint>;
  close(): Promise<void>;
}

/** What hangs is waited for so long; what does not takes this long on no machine. */
const STRIPE_TIMEOUT_MS = 4_000;
const SECRET_KEY = 'sk_live_double_of_top_ups';

export async function openTopUpStage(): Promise<TopUpStage> {
  const double = await startStripeDouble({ port: 0 });
  const stripe = new StripeClients({ url: double.url, timeoutMs: STRIPE_TIMEOUT_MS });
  const harness = await openServicesHarness({ stripe });
  const world = await createPrepaidWorld(harness, {
    ...{ upstreamUrl: 'https://upstream.example', upstreamToken: 'token', networks: [], stripeSecretKey: SECRET_KEY },
    payTo: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  });
  const { target, customerOwner, customerId } = world;
  const { counters, epochs, spools, inbox } = harness.gatewayState;
  const spoolId = 'spl_top_ups';
  await spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
  const batcher = createBatcher({ counters, spoolId, epoch: (await epochs.current()).epoch });
  let calls = 0;
  const client = stripe.of(SECRET_KEY);
  return {
    ...{ harness, world, double },
    async save(method) {
      const { url } = await beginCard(harness.ctx, customerOwner, target);
      const form = new URLSearchParams({ method, country: 'US' });
      const page = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
      if (page.status >= 400) throw new Error(await page.text());
      let back = new URL(page.headers.get('location') ?? '', url);
      if (back.pathname.startsWith('/authenticate/')) {
        const intent = back.pathname.split('/').at(-1) ?? '';
        const ended = await fetch(`${double.url}/_double/setup_intents/${intent}/authenticate`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ outcome: 'succeeded' }),
        });
        if (!ended.ok) throw new Error(await ended.text());
        back = new URL(`https://portal.example/?card=${new URL(url).pathname.split('/').at(-1)}`);
      }
      await saveCard(harness.ctx, customerOwner, { ...target, session: back.searchParams.get('card') ?? '' });
    },
    rule: (capUsd, agentId) =>
      setTopUp(harness.ctx, customerOwner, {
        ...{ ...target, belowNanoUsd: `${2n * USD}`, amountNanoUsd: `${5n * USD}` },
        ...{ monthlyCapNanoUsd: `${capUsd * USD}`, ...(agentId === undefined ? {} : { agentId }) },
      }),
    async draw(amount, limit, owner = customerId) {
      calls += 1;
      const [node, callId, tag] = [creditNodeOf(owner, true), `evt-top-up-${calls}`, `c:${customerId}`];
      const reply = await batcher.reserve(tag, {
        ...{ kind: 'reserve', callId, versions: {}, windows: [], deadlineAtMs: 4_000_000_000_000, reason: 'a call' },
        nodes: [{ node, kind: 'budget', period: 'total', limit, amount }],
      });
      if (reply.kind !== 'granted') throw new Error(`a call was ${reply.kind}`);
      await batcher.settle(tag, { kind: 'settle', callId, charges: { [node]: amount } });
      const charges = [{ node, periodId: 'total', amount }];
      const event = worldEventOf(world, { eventId: callId, charges, chargedNanoUsd: nanoUsd(amount) });
      await inbox.append(spoolId, [{ sequence: calls, item: { kind: 'usage', event } }]);
      await ingestSpool(harness.workerCtx, spoolId);
    },
    async rounds(count, ctx = harness.workerCtx) {
      const [charge] = topUpsQueue(ctx).jobs;
      for (let round = 0; round < count; round += 1) await charge?.run();
    },
    topUps: () => getTopUps(harness.ctx, customerOwner, target),
    async charged() {
      const { data } = await client.paymentIntents.list({ limit: 100 });
      return data.filter(({ status }) => status === 'succeeded').map(({ amount }) => amount);
    },
    async paidIn(agentId = null) {
      const { _sum } = await harness.owner.creditGrant.aggregate({
        where: { customerId, agentId },
        _sum: { amountNanoUsd: true },
      });
      return _sum.amountNanoUsd ?? 0n;
    },
    async close() {
      batcher.stop();
      await harness.close();
      await double.close();
    },
  };
}
