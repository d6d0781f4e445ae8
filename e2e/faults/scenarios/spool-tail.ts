import { queryOnce } from '@tollwright/testing';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway, Scene } from '../scene.ts';
import { openTail, type Tail, type Written } from '../spool-file.ts';
import { type Account, CALL_NANO_USD } from '../tenant.ts';

const CALLS = 8;
const LIMIT_NANO_USD = CALL_NANO_USD * BigInt(CALLS);
const DRAIN_MS_MAX = 60_000;

/** What one cut did to the calls that were under way, and what was seen of them afterwards. */
interface Cut {
  readonly outcomesKept: number;
  readonly outcomesLost: number;
  readonly intentsLost: number;
}

/**
 * Power is lost: what a gateway wrote last is cut off at some byte, and the machine has another boot id. Calls whose outcomes
 * are gone are not charged, and calls without any record have no event; both are the provider's loss. So the budget that is
 * counted is another one, whose calls were over before.
 */
export const spoolTail: Scenario = {
  name: 'spool-tail',
  about:
    'A killed gateway had eight outcomes on its disk alone; its spool is cut there, and a successor takes it over.',
  async run(scene, { short }) {
    const { expect, failures } = new Expectations();
    const rounds = short ? 4 : 10;
    const proxy = await scene.storeProxy();
    const start = (round: number) => scene.gateway(`gateway-${round}`, { storePort: proxy.port });
    const over = await scene.account('calls', CALL_NANO_USD * 1_000n);
    const raw = { rounds, outcomesKept: 0, outcomesLost: 0, intentsLost: 0, grantedAfterwards: 0 };
    let victim = await start(0);
    for (let round = 0; round < rounds; round++) {
      const account = await scene.account('calls', LIMIT_NANO_USD);
      await scene.call(victim, over);
      await released(scene, over);
      await runUnseen(scene, victim, account, proxy);
      await victim.kill();
      const tail = openTail(scene.spoolDir);
      const cut = cutTail(tail, account, round / (rounds - 1));
      proxy.restore();
      victim = await start(round + 1);
      await eventually('the spool is closed', DRAIN_MS_MAX, async () =>
        (await scene.stage.state.spools.list()).some((one) => one.spoolId === tail.spoolId && one.closedAtMs !== null)
          ? true
          : null,
      );
      for (const line of await wrongAbout(scene, account, cut)) expect(false, `round ${round}: ${line}`);
      const granted = await useUp(scene, victim, account);
      expect(granted === cut.outcomesLost, `round ${round}: ${granted} calls were granted for ${JSON.stringify(cut)}`);
      raw.outcomesKept += cut.outcomesKept;
      raw.outcomesLost += cut.outcomesLost;
      raw.intentsLost += cut.intentsLost;
      raw.grantedAfterwards += granted;
    }
    expect(raw.outcomesKept > 0 && raw.outcomesLost > 0 && raw.intentsLost > 0, 'some kind of cut did not happen');
    return { attempts: rounds * (CALLS + 1) + raw.grantedAfterwards, counted: [{ account: over }], raw, failures };
  },
};

/** Makes calls that hold in the store, and whose outcomes get as far as the disk. */
async function runUnseen(scene: Scene, gateway: Gateway, account: Account, proxy: { cut(): void }): Promise<void> {
  const { gate } = scene.stage.upstream;
  gate.close();
  const running = Array.from({ length: CALLS }, () => scene.call(gateway, account));
  await eventually('all of them are at the upstream', 30_000, async () => (gate.waiting >= CALLS ? true : null));
  proxy.cut();
  gate.open();
  await Promise.all(running);
}

/** Cuts within the records of an account: before all of them at 0, after them at 1. */
function cutTail(tail: Tail, account: Account, part: number): Cut {
  const own = tail.records.filter(({ customerId }) => customerId === account.customerId);
  const [from, to] = [own[0]?.start ?? 0, own.at(-1)?.end ?? 0];
  const at = Math.round(from + (to - from) * part);
  tail.cutAt(at);
  const kept = (kind: string) => own.filter((one: Written) => one.kind === kind && one.end <= at).length;
  return {
    outcomesKept: kept('item'),
    outcomesLost: kept('intent') - kept('item'),
    intentsLost: CALLS - kept('intent'),
  };
}

function released({ stage }: Scene, { customerId }: Account): Promise<true> {
  return eventually('nothing is held', 30_000, async () =>
    (await stage.state.counters.holds({ tag: `c:${customerId}` })).length === 0 ? true : null,
  );
}

/** What Postgres and the store say of a cut, as far as it is not what they have to say. */
async function wrongAbout({ stage }: Scene, account: Account, cut: Cut): Promise<string[]> {
  const tag = `c:${account.customerId}`;
  const [row] = await queryOnce<{ events: string; ids: string; interrupted: string; charged: string }>(
    stage.database.url,
    `SELECT count(*) AS events, count(DISTINCT event_id) AS ids, count(*) FILTER (WHERE decision = 'interrupted') AS interrupted,
       coalesce(sum(charged_nano_usd), 0) AS charged FROM usage_event WHERE customer_id = $1`,
    [account.customerId],
  );
  const [counters, holds] = await Promise.all([stage.state.counters.read(tag), stage.state.counters.holds({ tag })]);
  const spent = counters.find(({ node }) => node === account.node)?.spent ?? 0n;
  const { outcomesKept, outcomesLost, intentsLost } = cut;
  const seen = { ...row, spent: String(spent), holds: holds.length };
  const wanted = {
    events: String(outcomesKept + outcomesLost),
    ids: String(outcomesKept + outcomesLost),
    interrupted: String(outcomesLost),
    charged: String(BigInt(outcomesKept) * CALL_NANO_USD),
    spent: String(BigInt(outcomesKept + intentsLost) * CALL_NANO_USD),
    holds: 0,
  };
  const [is, shouldBe] = [JSON.stringify(seen), JSON.stringify(wanted)];
  return is === shouldBe ? [] : [`${is}, not ${shouldBe}`];
}

/** Calls until the budget is used up, and not only held; answers how many calls were made. */
async function useUp(scene: Scene, gateway: Gateway, account: Account): Promise<number> {
  let granted = 0;
  return eventually('the budget is used up', DRAIN_MS_MAX, async () => {
    let answer = await scene.call(gateway, account);
    for (; answer.status === 200 && granted <= CALLS; answer = await scene.call(gateway, account)) granted++;
    return answer.slug === 'budget-exhausted' || granted > CALLS ? granted : null;
  });
}
