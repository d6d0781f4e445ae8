import { setTimeout as sleep } from 'node:timers/promises';
import type { Proxy as TcpProxy } from '@tollwright/testing';
import { auditPayments } from '../payments/audit.ts';
import type { Rails } from '../payments/every-rail.ts';
import { LENT_CALLS_MAX } from '../payments/lent.ts';
import { Payers, type SignedCall } from '../payments/payer.ts';
import { WAYS } from '../payments/ways.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { AMPLE_NANO_USD, CALL_NANO_USD } from '../tenant.ts';

const BROKEN_MS = 2_500;
const ROUNDS = 6;
/** Who is trusted makes so many calls at once: more than are lent. */
const BORROWED = LENT_CALLS_MAX + 2;

/** What happens to the ways to chain, facilitator, Tempo and Stripe while payments are made. */
const HARMS: Readonly<Record<string, (way: TcpProxy) => void>> = {
  stall: (way) => way.stall(),
  cut: (way) => way.cut(),
  'lose-replies': (way) => way.loseReplies(),
  delay: (way) => way.delay(250),
};

/** What strangers are told, and owners without credit. */
const ASKS_AGAIN: ReadonlySet<string> = new Set(['payment-required', 'credits-exhausted']);

const SHORT_HARMS: ReadonlySet<string> = new Set(['stall', 'lose-replies']);

/** Whoever takes the money is out of reach for a while, or its answers are: nobody pays twice, and nothing is lost. */
export const paymentNetworks: Scenario = {
  name: 'payment-networks',
  about:
    'The ways to the chain, the facilitator, Tempo and Stripe are stalled, cut, delayed, or lose what comes back, before and while payments are made.',
  sellsToStrangers: 'on-every-rail',
  shortAdapters: ['redis'],
  async run(scene, { short }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const rails = stage.rails as Rails;
    const ways = Object.values(rails.ways);
    const gateway = await scene.gateway('a');
    const account = await scene.account('calls', CALL_NANO_USD * 10n);
    const known = await scene.call(gateway, account);
    expect(known.status === 200, `a customer's call got ${known.status}`);
    const owner = await scene.account('prepaid', AMPLE_NANO_USD);
    const payers = await Payers.open(rails, owner);
    const calls: SignedCall[] = [];
    const signAll = async () => {
      const signed: SignedCall[] = [];
      for (const way of WAYS) signed.push(await payers.sign(way, gateway.url));
      signed.push(...(await payers.borrow(BORROWED, gateway.url)));
      calls.push(...signed);
      return signed;
    };
    const show = (some: readonly SignedCall[]) => Promise.all(some.map((call) => call.show(gateway.url)));
    const harms = Object.entries(HARMS).filter(([name]) => !short || SHORT_HARMS.has(name));
    for (const [name, harm] of harms) {
      for (let round = 0; round < (short ? 1 : ROUNDS); round++) {
        const signed = await signAll();
        // Once everything breaks before, else ever later on the way.
        const under = round === 0 ? null : show(signed);
        if (round > 0) await sleep(round * 8);
        for (const way of ways) harm(way);
        const shown = under ?? show(signed);
        await sleep(BROKEN_MS);
        for (const way of ways) way.restore();
        await shown;
        await show(signed);
        const fresh = signed.filter(({ answers }) =>
          answers.some(({ status, slug }) => status === 402 && ASKS_AGAIN.has(slug ?? '')),
        );
        expect(fresh.length === 0, `after ${name} ${fresh.length} signed payments were asked to pay`);
      }
    }
    const figures = await auditPayments(stage, { calls, owner }, failures);
    return {
      attempts: 1 + calls.reduce((sum, { answers }) => sum + answers.length, 0),
      counted: [{ account }],
      raw: { rounds: short ? 1 : ROUNDS, ...figures },
      failures,
    };
  },
};
