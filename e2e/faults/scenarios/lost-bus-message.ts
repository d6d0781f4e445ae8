import { setTimeout as sleep } from 'node:timers/promises';
import { revokeKey, SYSTEM } from '@tollwright/services';
import { type Counted, Expectations, type Scenario } from '../scenario.ts';
import { limitAccount, priceOf } from '../tenant.ts';

const BUDGET_NANO_USD = 900_000_000n;
const LOWERED_NANO_USD = 300_000n;

/** Pushing only wakes: priced calls learn of every change from the store, and gateways also poll. */
export const lostBusMessage: Scenario = {
  name: 'lost-bus-message',
  about:
    'A gateway is cut off from the store while a key is revoked and a budget is lowered; it never hears the message.',
  async run(scene, { short }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const { providerId } = stage.tenant;
    const proxy = await scene.storeProxy();
    const gateway = await scene.gateway('a', { storePort: proxy.port });
    const rounds = short ? 2 : 6;
    const counted: Counted[] = [];
    let attempts = 0;
    let served = 0;
    for (let round = 0; round < rounds; round++) {
      const revoked = await scene.account('tokens', BUDGET_NANO_USD);
      const lowered = await scene.account('tokens', BUDGET_NANO_USD);
      const first = await Promise.all([revoked, lowered].map((account) => scene.call(gateway, account)));
      expect(
        first.every(({ status }) => status === 200),
        'a call before the change was refused',
      );
      proxy.cut();
      const { customerId, keyId } = revoked;
      await revokeKey(stage.services, SYSTEM, { providerId, customerId, keyId });
      await limitAccount(stage.services, { providerId, customerId: lowered.customerId }, LOWERED_NANO_USD);
      proxy.restore();
      const after = await scene.call(gateway, revoked);
      if (after.status === 200) served++;
      let calls = 0;
      for (let refused = 0; refused < 2 && calls < 200; calls++) {
        const { status, slug } = await scene.call(gateway, lowered);
        if (slug === 'budget-exhausted') refused++;
        if (status === 503) await sleep(50);
      }
      attempts += 3 + calls;
      const before = stage.upstream.log.calls(null).filter((call) => call.headers['x-account'] === customerId);
      const paid = priceOf('tokens', before[0] as (typeof before)[number]);
      counted.push({ account: revoked, limitNanoUsd: paid }, { account: lowered, limitNanoUsd: LOWERED_NANO_USD });
    }
    expect(served === 0, `a revoked key was served ${served} times`);
    return { attempts, counted, raw: { rounds, servedRevoked: served }, failures };
  },
};
