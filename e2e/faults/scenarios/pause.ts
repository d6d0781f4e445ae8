import { setTimeout as sleep } from 'node:timers/promises';
import { revokeKey, SYSTEM } from '@tollwright/services';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { priceOf } from '../tenant.ts';

const BUDGET_NANO_USD = 2_000_000n;

/** No clock frees a hold, and the store knows every version: whoever wakes finds its hold, and may do nothing that is old. */
export const pause: Scenario = {
  name: 'pause',
  about:
    'A gateway is stopped in the middle of a call, the budget is used up elsewhere, a key is revoked; then it wakes.',
  async run(scene, { short }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const [sleeper, other] = await Promise.all([scene.gateway('sleeper'), scene.gateway('other')]);
    const account = await scene.account('tokens', BUDGET_NANO_USD);
    const revoked = await scene.account('tokens', BUDGET_NANO_USD);
    const known = await scene.call(sleeper, revoked);
    expect(known.status === 200, `before its revocation the key got ${known.status}`);
    const stream = {
      stream: true,
      maxTokens: 40,
      upstream: { 'completion-tokens': 40, chunks: 20, 'chunk-interval-ms': 50 },
    };
    const running = scene.call(sleeper, account, stream);
    const tag = `c:${account.customerId}`;
    await eventually('the call holds', 30_000, async () =>
      (await stage.state.counters.holds({ tag })).length > 0 ? true : null,
    );
    sleeper.signal('SIGSTOP');
    const stoppedAt = Date.now();
    let elsewhere = 0;
    for (let refusals = 0; refusals < 3; elsewhere++) {
      const { status } = await scene.call(other, account, { maxTokens: 100, upstream: { 'completion-tokens': 100 } });
      if (status === 429) refusals++;
      else if (status !== 200) expect(false, `the other gateway answered ${status}`);
      if (elsewhere > 500) break;
    }
    const before = stage.upstream.log.calls(null).filter((call) => call.headers['x-account'] === revoked.customerId);
    await revokeKey(stage.services, SYSTEM, {
      ...{ providerId: stage.tenant.providerId, customerId: revoked.customerId, keyId: revoked.keyId },
    });
    await sleep(Math.max(0, (short ? 2_500 : 10_000) - (Date.now() - stoppedAt)));
    // The other gateway's last call may not be settled yet; if the sleeper's hold goes too, none is left.
    const held = await eventually('the calls elsewhere are settled', 30_000, async () => {
      const holds = await stage.state.counters.holds({ tag });
      return holds.length <= 1 ? holds : null;
    });
    expect(held.length === 1, `${held.length} holds were there after the pause, not the sleeper's one`);
    sleeper.signal('SIGCONT');
    const [refused, finished] = await Promise.all([scene.call(sleeper, revoked), running]);
    const again = await scene.call(sleeper, account, { maxTokens: 400 });
    expect(refused.status === 401, `the revoked key got ${refused.status} from the gateway that woke`);
    expect(finished.status === 200, `the call under way got ${finished.status}`);
    expect(again.status === 429, `the gateway that woke answered ${again.status} on an exhausted budget`);
    const spentBefore = before.reduce((sum, call) => sum + priceOf('tokens', call), 0n);
    return {
      attempts: elsewhere + 4,
      counted: [{ account }, { account: revoked, limitNanoUsd: spentBefore }],
      raw: { stoppedMs: Date.now() - stoppedAt, elsewhere, servedRevoked: refused.status === 200 ? 1 : 0 },
      failures,
    };
  },
};
