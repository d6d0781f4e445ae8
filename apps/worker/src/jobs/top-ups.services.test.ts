import { beginCard, checkLedger, listAudit, listPayments, type ServiceContext } from '@tollwright/services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topUpsQueue } from './top-ups.ts';
import { openTopUpStage, type TopUpStage, USD } from './top-ups-harness.ts';

let stage: TopUpStage;
beforeEach(async () => {
  stage = await openTopUpStage();
});
afterEach(() => stage.close());

const states = async () => (await stage.topUps()).charges.map(({ state }) => state).reverse();

/** A worker that is killed: none of its transactions begins after so many. */
function killedAfter(ctx: ServiceContext, transactions: number): ServiceContext {
  let left = transactions;
  const db = new Proxy(ctx.db, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name !== '$transaction' || typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        if (left === 0) throw new Error('killed');
        left -= 1;
        return Reflect.apply(value, target, given) as unknown;
      };
    },
  });
  return { ...ctx, db, onError: () => undefined };
}

describe('a balance that is low', () => {
  it('is topped up from the saved card, once for each time that it falls', async () => {
    await stage.save('pm_card_visa');
    expect((await stage.topUps()).card).toMatchObject({ brand: 'visa', last4: '4242' });
    await stage.rule(100n);
    await stage.rounds(5);
    expect([await stage.charged(), await stage.paidIn()]).toEqual([[500], 5n * USD]);
    await stage.draw(2n * USD, 5n * USD);
    await stage.rounds(3);
    expect(await stage.charged()).toHaveLength(1);
    await stage.draw(2n * USD, 5n * USD);
    await stage.rounds(3);
    expect([await stage.charged(), await stage.paidIn(), await states()]).toEqual([
      [500, 500],
      10n * USD,
      ['settled', 'settled'],
    ]);
    expect(await checkLedger(stage.harness.workerCtx)).toEqual([]);
    const { items } = await listPayments(stage.harness.ctx, stage.world.customerOwner, stage.world.target);
    expect(items).toMatchObject([
      { rail: 'stripe', priceNanoUsd: `${5n * USD}`, transaction: expect.stringMatching(/^pi_/) },
      { rail: 'stripe' },
    ]);
  });

  it('is topped up again at once where one top-up is not enough, and not without a card', async () => {
    await stage.rule(100n);
    await stage.rounds(3);
    expect(await states()).toEqual([]);
    await stage.save('pm_card_visa');
    await stage.rounds(3);
    await stage.draw(5n * USD, 5n * USD);
    await stage.rounds(3);
    expect(await stage.paidIn()).toBe(10n * USD);
  });

  it("of an agent is the agent's, and has a rule of its own", async () => {
    const { agentId } = stage.world;
    await stage.save('pm_card_visa');
    await stage.rule(100n, agentId);
    await stage.rounds(4);
    expect([await stage.paidIn(agentId), await stage.paidIn()]).toEqual([5n * USD, 0n]);
    await stage.draw(4n * USD, 5n * USD, agentId);
    await stage.rounds(4);
    expect([await stage.paidIn(agentId), await stage.paidIn()]).toEqual([10n * USD, 0n]);
  });
});

describe('a worker that dies or is not alone', () => {
  it('charges once, after whichever step it is killed', async () => {
    await stage.save('pm_card_visa');
    await stage.rule(10_000n);
    await stage.rounds(4);
    const { workerCtx } = stage.harness;
    let drawn = 0n;
    for (let steps = 0; steps <= 8; steps += 1) {
      const paidIn = await stage.paidIn();
      const toAlmostNothing = paidIn - drawn - USD;
      await stage.draw(toAlmostNothing, paidIn);
      drawn += toAlmostNothing;
      // Each of these dies before one of its transactions: before Stripe was asked, or after.
      await stage.rounds(3, killedAfter(workerCtx, steps)).catch(() => undefined);
      await stage.rounds(3, killedAfter(workerCtx, steps)).catch(() => undefined);
      await stage.rounds(4);
      expect([steps, await stage.charged(), await stage.paidIn()]).toEqual([
        steps,
        Array.from({ length: steps + 2 }, () => 500),
        paidIn + 5n * USD,
      ]);
    }
    expect(await checkLedger(workerCtx)).toEqual([]);
  });

  it.each(['before', 'after'] as const)(
    'charges once when the answer of Stripe is lost %s it charged',
    async (when) => {
      await stage.save('pm_card_visa');
      stage.double.faults.add({ act: 'hang', when, count: 1, method: 'POST', path: '^/v1/payment_intents$' });
      await stage.rule(100n);
      await stage.rounds(2);
      expect(await states()).toEqual(['intended']);
      await stage.rounds(3);
      expect([await stage.charged(), await stage.paidIn(), await states()]).toEqual([[500], 5n * USD, ['settled']]);
    },
  );

  it('charges once beside seven others', async () => {
    await stage.save('pm_card_visa');
    await stage.rule(100n);
    const workers = Array.from({ length: 8 }, () => stage.rounds(4));
    await Promise.all(workers);
    await stage.rounds(2);
    expect([await stage.charged(), await stage.paidIn(), await states()]).toEqual([[500], 5n * USD, ['settled']]);
  });

  it('asks for nothing under a key that Stripe may have forgotten', async () => {
    await stage.save('pm_card_visa');
    await stage.rule(100n);
    await stage.rounds(1);
    stage.harness.advance(30 * 3_600_000);
    await stage.rounds(2);
    expect([await stage.charged(), await states()]).toEqual([[], ['failed']]);
  });
});

describe('the monthly cap', () => {
  it('is never passed, tells the owner once, and begins anew with the month', async () => {
    await stage.save('pm_card_visa');
    await stage.rule(12n);
    for (let drawn = 0n; drawn < 3n; drawn += 1n) {
      await stage.rounds(3);
      const paidIn = await stage.paidIn();
      if (drawn * 5n * USD < paidIn) await stage.draw(5n * USD, paidIn);
    }
    await Promise.all([stage.rounds(4), stage.rounds(4)]);
    expect([await stage.charged(), await stage.paidIn()]).toEqual([[500, 500], 10n * USD]);
    expect((await stage.topUps()).rules).toMatchObject([{ isCapped: true, chargedThisMonthNanoUsd: `${10n * USD}` }]);
    const told = stage.harness.mails.filter(({ subject }) => subject.includes('not topped up'));
    expect(told).toHaveLength(1);
    stage.harness.advance(32 * 86_400_000);
    await stage.rounds(3);
    expect(await stage.charged()).toHaveLength(3);
    expect((await stage.topUps()).rules).toMatchObject([{ isCapped: false, chargedThisMonthNanoUsd: `${5n * USD}` }]);
  });
});

describe('a card that is not charged', () => {
  it.each([
    ['is declined', 'pm_card_chargeCustomerFail', 'card_generic_decline'],
    ['wants its owner', 'pm_card_authenticationRequired', 'card_authentication_required'],
  ])('because it %s pauses the rule and tells the owner; another card goes on', async (_why, method, reason) => {
    await stage.save(method);
    await stage.rule(100n);
    await stage.rounds(6);
    expect([await stage.charged(), await stage.paidIn(), await states()]).toEqual([[], 0n, ['failed']]);
    expect((await stage.topUps()).rules).toMatchObject([{ pausedBy: 'failure', pausedReason: reason }]);
    const mails = stage.harness.mails.filter(({ subject }) => subject.includes('not charged'));
    expect(mails).toMatchObject([{ text: expect.stringContaining('/billing#top-up') }]);
    const audit = await listAudit(stage.harness.ctx, stage.world.customerOwner, stage.world.target);
    expect(audit.items.map(({ action }) => action)).toContain('top-up.fail');
    await stage.save('pm_card_visa');
    await stage.rounds(4);
    expect([await stage.charged(), await states()]).toEqual([[500], ['failed', 'settled']]);
  });

  it('is told of by the page that saves it, and by the worker where nobody came back', async () => {
    const { url } = await beginCard(stage.harness.ctx, stage.world.customerOwner, stage.world.target);
    const [, cards] = topUpsQueue(stage.harness.workerCtx).jobs;
    expect(await cards?.run()).toBeNull();
    await fetch(url, { method: 'POST', body: new URLSearchParams({ method: 'pm_card_visa' }), redirect: 'manual' });
    expect(await cards?.run()).toEqual({ saved: 1 });
    expect((await stage.topUps()).card).toMatchObject({ last4: '4242' });
  });
});
