import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { limitAccount } from '../tenant.ts';

const LIMIT_NANO_USD = 12_000_000n;
const LOWERED_NANO_USD = 2_000_000n;
const HOLDING = 10;

/** A lowered limit is a new version of the node and holds at once, also for a gateway that has not heard of it. */
export const limitLowered: Scenario = {
  name: 'limit-lowered',
  about: 'Ten calls hold most of a budget, then it is lowered below what they hold.',
  async run(scene) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const gateways = await Promise.all(['a', 'b'].map((name) => scene.gateway(name)));
    const [a, b] = gateways as [(typeof gateways)[number], (typeof gateways)[number]];
    const account = await scene.account('tokens', LIMIT_NANO_USD);
    const tag = `c:${account.customerId}`;
    const warm = await scene.call(b, account);
    const holds = async () => (await stage.state.counters.holds({ tag })).length;
    await eventually('the first call is settled', 30_000, async () => ((await holds()) === 0 ? true : null));
    stage.upstream.gate.close();
    const running = Array.from({ length: HOLDING }, () => scene.call(a, account, { maxTokens: 400 }));
    await eventually('all of them hold', 30_000, async () => ((await holds()) === HOLDING ? true : null));
    const held = (await stage.state.counters.read(tag)).find(({ node }) => node === account.node)?.held ?? 0n;
    expect(held > LOWERED_NANO_USD, `only ${held} nano-USD were held`);
    await limitAccount(stage.services, { ...account, providerId: stage.tenant.providerId }, LOWERED_NANO_USD);
    const meanwhile = await Promise.all([a, b, a, b].map((gateway) => scene.call(gateway, account)));
    expect(
      meanwhile.every(({ slug }) => slug === 'budget-held'),
      `while holds are out: ${meanwhile.map(({ status, slug }) => `${status} ${slug}`).join(', ')}`,
    );
    stage.upstream.gate.open();
    const finished = await Promise.all(running);
    expect(
      finished.every(({ status }) => status === 200),
      'a call that had been granted was not made',
    );
    let after = 0;
    for (let refused = 0; refused < 2 && after < 500; after++) {
      const { slug } = await scene.call(after % 2 === 0 ? a : b, account);
      if (slug === 'budget-exhausted') refused++;
    }
    expect(after > 10, 'what the calls had held and not used could not be spent');
    return {
      attempts: 1 + HOLDING + meanwhile.length + after,
      counted: [{ account, limitNanoUsd: LOWERED_NANO_USD }],
      raw: { warm: warm.status, heldNanoUsd: Number(held), after },
      failures,
    };
  },
};
