import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { CALL_NANO_USD } from '../tenant.ts';

const AFFORDED = 50;
const AT_ONCE = 4;
const LOST_IN_A_ROW = 2;

/** A batch that is sent again under its number gets its first reply: nothing is granted twice, and nothing stays held. */
export const lostReply: Scenario = {
  name: 'lost-reply',
  about: 'A proxy takes requests to the store and loses the replies, which held money; the batches are sent again.',
  async run(scene, { short }) {
    const { expect, failures } = new Expectations();
    const proxy = await scene.storeProxy();
    const gateway = await scene.gateway('a', { storePort: proxy.port });
    const account = await scene.account('calls', CALL_NANO_USD * BigInt(AFFORDED));
    const answers = [await scene.call(gateway, account)];
    const rounds = short ? 3 : 8;
    for (let round = 1; round <= rounds; round++) {
      proxy.loseRepliesTo(account.customerId, LOST_IN_A_ROW);
      answers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => scene.call(gateway, account)))));
      const lost = await eventually('replies are lost', 30_000, async () =>
        proxy.lostReplies >= round * LOST_IN_A_ROW ? proxy.lostReplies : null,
      );
      expect(lost === round * LOST_IN_A_ROW, `${lost} replies were lost after ${round} rounds`);
    }
    for (let refused = 0; refused < 2 && answers.length < 500; ) {
      const answer = await scene.call(gateway, account);
      answers.push(answer);
      if (answer.slug === 'budget-exhausted') refused++;
    }
    const made = answers.filter(({ status }) => status === 200).length;
    expect(made === AFFORDED, `${made} calls were made of ${AFFORDED} that were paid for`);
    const raw = { made, repliesLost: proxy.lostReplies };
    return { attempts: answers.length, counted: [{ account }], raw, failures };
  },
};
