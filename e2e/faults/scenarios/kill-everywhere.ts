import { setTimeout as sleep } from 'node:timers/promises';
import { Expectations, type Scenario } from '../scenario.ts';
import { drive, type Gateway } from '../scene.ts';

const LANES = 12;
const MOMENT_MS_MAX = 350;
const CONCURRENT_GATEWAYS = 2;

/** What is forwarded has its intent on the disk, and a successor drains what a killed gateway left. */
export const killEverywhere: Scenario = {
  name: 'kill-everywhere',
  about: 'Gateways are killed at random moments of mixed traffic, again and again, and others take their spools over.',
  async run(scene, { short }) {
    const { expect, failures } = new Expectations();
    const rounds = short ? 4 : 25;
    const fleet: Gateway[] = await Promise.all(
      Array.from({ length: CONCURRENT_GATEWAYS }, (_, index) => scene.gateway(`gateway-${index}`)),
    );
    // One can be used up within the run, one cannot.
    const accounts = await Promise.all([
      scene.account('tokens', 3_000_000n),
      scene.account('tokens', 900_000_000_000n),
    ]);
    const completed = new Map<string, number>();
    const traffic = drive(LANES, async (turn) => {
      const account = accounts[turn % accounts.length] as (typeof accounts)[number];
      const stream = turn % 3 === 0;
      const upstream = { 'delay-ms': 5 * (turn % 5), chunks: 4, 'chunk-interval-ms': 15 };
      const answer = await scene.call(fleet[turn % fleet.length] as Gateway, account, { stream, upstream });
      if (answer.status === 200 && answer.requestId !== null) completed.set(answer.requestId, turn);
      return answer;
    });
    for (let round = 0; round < rounds; round++) {
      await sleep(100 + Math.random() * MOMENT_MS_MAX);
      const victim = round % fleet.length;
      await fleet[victim]?.kill();
      fleet[victim] = await scene.gateway(`gateway-${victim}-${round}`);
    }
    await sleep(200);
    await traffic.stop();
    const count = (test: (status: number) => boolean) => traffic.answers.filter(({ status }) => test(status)).length;
    const broken = count((status) => status === 0);
    expect(completed.size > rounds, `only ${completed.size} calls were completed`);
    expect(broken > 0, 'no call was cut off');
    return {
      attempts: traffic.answers.length,
      // A call that is cut off is charged by its last progress, which is less than the upstream wrote.
      counted: accounts.map((account) => ({ account, upstreamBound: false })),
      raw: { kills: rounds, completed: completed.size, broken, refused: count((status) => status >= 400) },
      failures,
    };
  },
};
