import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Answer, Gateway } from '../scene.ts';
import { CALL_NANO_USD } from '../tenant.ts';

const CALLS = 200;
const AFFORDED = 50;
const USED_UP_MS_MAX = 60_000;

/** Nothing is lent to a process, so no split of calls over processes spends more or strands anything. */
export const split: Scenario = {
  name: 'split',
  about: 'A budget for fifty calls, two hundred at once, all but one of them at the same one of four gateways.',
  async run(scene) {
    const { expect, failures } = new Expectations();
    const gateways = await Promise.all(['a', 'b', 'c', 'd'].map((name) => scene.gateway(name)));
    const account = await scene.account('calls', CALL_NANO_USD * BigInt(AFFORDED));
    const [first, second] = gateways as [Gateway, Gateway, Gateway, Gateway];
    const answers = await Promise.all(
      Array.from({ length: CALLS }, (_, index) => scene.call(index === CALLS / 2 ? second : first, account)),
    );
    const made = countOf(answers, 200);
    // A store that is late is away for who waits; what it grants them afterwards is given back.
    const away = countOf(answers, 503);
    expect(made <= AFFORDED && made + away >= AFFORDED, `${made} of ${CALLS} calls were made, not ${AFFORDED}`);
    // The others learn of the spending from the store alone. What a gateway has not settled yet is held, not spent.
    const late: Answer[] = [];
    const inAll = () => made + countOf(late, 200);
    await eventually('every gateway says that the budget is used up', USED_UP_MS_MAX, async () => {
      const looks = await Promise.all(gateways.map((gateway) => scene.call(gateway, account)));
      late.push(...looks);
      // Beyond the budget there may be no end.
      return inAll() > AFFORDED || looks.every(({ slug }) => slug === 'budget-exhausted') ? true : null;
    });
    expect(inAll() === AFFORDED, `${inAll()} calls were made in the end, not ${AFFORDED}`);
    const odd = late.filter(({ status, slug }) => ![200, 503].includes(status) && !/^budget-/.test(slug ?? ''));
    expect(odd.length === 0, `after the last call: ${odd.map(({ status, slug }) => `${status} ${slug}`).join(', ')}`);
    const raw = { made, refused: CALLS - made, answered503: away };
    return { attempts: CALLS + late.length, counted: [{ account }], raw, failures };
  },
};

function countOf(answers: readonly Answer[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}
