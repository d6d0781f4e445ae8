import { setTimeout as sleep } from 'node:timers/promises';
import type { Proxy as TcpProxy } from '@tollwright/testing';
import { LENT_CALLS_MAX } from '../payments/lent.ts';
import type { SignedCall } from '../payments/payer.ts';
import { Shop } from '../payments/shop.ts';
import { WAYS } from '../payments/ways.ts';
import type { Scenario } from '../scenario.ts';

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
    const shop = await Shop.open(scene, 'a');
    const { gateway, expectations } = shop;
    const ways = Object.values(shop.rails.ways);
    const signAll = async () => {
      const signed: SignedCall[] = [];
      for (const way of WAYS) signed.push(await shop.sign(way));
      return [...signed, ...(await shop.borrow(BORROWED))];
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
        expectations.expect(fresh.length === 0, `after ${name} ${fresh.length} signed payments were asked to pay`);
      }
    }
    return shop.attack({ rounds: short ? 1 : ROUNDS, ...(await shop.audit()) });
  },
};
