import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway } from '../scene.ts';
import { CALL_NANO_USD } from '../tenant.ts';
import { usedUp } from './store-lost.ts';

const CALLS = 200;
const AFFORDED = 50;

/** Nothing is lent to processes, so the last nano-dollar is right however calls are split over them. */
export const split: Scenario = {
  name: 'split',
  about: 'A budget for 50 calls, and 200 at once over four gateways, 199 of them at the first: exactly 50 are made.',
  async run(scene) {
    const { expect, failures } = new Expectations();
    const gateways = await Promise.all(['a', 'b', 'c', 'd'].map((name) => scene.gateway(name)));
    const account = await scene.account('calls', CALL_NANO_USD * BigInt(AFFORDED));
    const [first, second] = gateways as [Gateway, Gateway];
    const answers = await Promise.all(
      Array.from({ length: CALLS }, (_, index) => scene.call(index === CALLS / 2 ? second : first, account)),
    );
    // The others learn of the spending from the store alone. What a gateway has not settled yet is held, not spent.
    const late = await Promise.all(gateways.map((gateway) => scene.call(gateway, account)));
    const made = answers.filter(({ status }) => status === 200).length;
    expect(made === AFFORDED, `${made} of ${CALLS} calls were made, not ${AFFORDED}`);
    expect(
      late.every(({ slug }) => slug === 'budget-exhausted' || slug === 'budget-held'),
      `after the last call: ${late.map(({ status, slug }) => `${status} ${slug}`).join(', ')}`,
    );
    await usedUp(scene, gateways, account);
    return { attempts: CALLS + late.length, counted: [{ account }], raw: { made, refused: CALLS - made }, failures };
  },
};
