import { setTimeout as sleep } from 'node:timers/promises';
import { queryOnce } from '@tollwright/testing';
import pg from 'pg';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { drive, type Gateway } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { type Account, CALL_NANO_USD } from '../tenant.ts';
import { epochAfter, loseStore, served, usedUp } from './store-lost.ts';

const AFFORDED = 140;
const EACH = 15;
/** Of each gateway before one is blocked: one more shows that the store serves it. */
const FIRST = EACH + 1;
const BLOCKED_MS = 3_000;
const ARRIVED_MS_MAX = 30_000;

/** A store is rebuilt only from what is whole: one spool that Postgres has not taken in keeps it closed, and no other spool back. */
export const shardBlocked: Scenario = {
  name: 'shard-blocked',
  about: "One spool's usage cannot be stored, because its row is locked, while the state store is lost and rebuilt.",
  store: 'own',
  async run(scene) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const gateways = await Promise.all(['blocked', 'free'].map((name) => scene.gateway(name)));
    const [blocked, free] = gateways as [Gateway, Gateway];
    const account = await scene.account('calls', CALL_NANO_USD * BigInt(AFFORDED));
    const epoch = await stage.untilOpen();
    const many = (gateway: Gateway) => Promise.all(Array.from({ length: EACH }, () => scene.call(gateway, account)));
    const early = [...(await many(blocked)), ...(await many(free))];
    await arrived(stage, account, blocked, EACH);
    if (stage.adapter === 'postgres') await stage.store.copyAside();
    early.push(...(await served(scene, gateways, account)));
    await arrived(stage, account, blocked, FIRST);
    const unlock = await lockWatermark(stage, blocked);
    const running = scene.call(blocked, account, { upstream: { 'delay-ms': 4_000 } });
    early.push(...(await many(blocked)), ...(await many(free)));
    await arrived(stage, account, free, FIRST + EACH);
    const heldBack = await eventsOf(stage, account, blocked);
    early.push(...(await many(free)));
    await loseStore(stage);
    const closed = { begun: 0, made: 0, isKnown: false };
    const traffic = drive(4, async (turn) => {
      // What was granted before may be answered later.
      const isWithin = closed.isKnown;
      const answer = await scene.call(gateways[turn % gateways.length] as Gateway, account);
      if (isWithin) closed.begun++;
      if (isWithin && answer.status === 200) closed.made++;
      return answer;
    });
    await eventually('the loss is known', ARRIVED_MS_MAX, async () =>
      (await stage.state.epochs.survey().catch(() => null))?.kind === 'closed' ? true : null,
    );
    const shipped = await arrived(stage, account, free, FIRST + 2 * EACH);
    closed.isKnown = true;
    await sleep(BLOCKED_MS);
    const during = await stage.state.epochs.survey();
    const madeWhileClosed = closed.made;
    const stillHeldBack = await eventsOf(stage, account, blocked);
    await unlock();
    const raised = await epochAfter(stage, epoch);
    await usedUp(scene, gateways, account);
    await traffic.stop();
    const answers = [...early, ...traffic.answers, await running];
    const made = answers.filter(({ status }) => status === 200).length;
    expect(
      early.every(({ status }) => status === 200),
      'a call before the loss was refused',
    );
    expect(heldBack === FIRST && stillHeldBack === FIRST, `${heldBack}, then ${stillHeldBack} events were stored`);
    expect(during.kind === 'closed', `the epoch was ${during.kind} while a spool was missing`);
    expect(closed.begun > 0, 'nobody called while the epoch was closed');
    expect(madeWhileClosed === 0, `${madeWhileClosed} calls were made while the epoch was closed`);
    return {
      attempts: answers.length,
      counted: [{ account }],
      raw: { made, madeWhileClosed, heldBack: stillHeldBack, storedMeanwhile: shipped - FIRST, epoch: raised },
      failures,
    };
  },
};

/** Locks the row in Postgres that ingestion of this gateway's spool has to write; answers how to let it go. */
async function lockWatermark({ database }: Stage, gateway: Gateway): Promise<() => Promise<void>> {
  const spoolId = /"spool":"(spl_[0-9a-z]{26})"/.exec(gateway.log())?.[1];
  const session = new pg.Client({ connectionString: database.url });
  // The run may be over, and its server gone, before it is let go.
  session.on('error', () => undefined);
  await session.connect();
  await session.query('BEGIN');
  const locked = await session.query('SELECT 1 FROM spool_watermark WHERE spool_id = $1 FOR UPDATE', [spoolId]);
  if (locked.rowCount !== 1) throw new Error(`${spoolId} has no watermark`);
  return () => session.end();
}

async function eventsOf({ database }: Stage, { customerId }: Account, { name }: Gateway): Promise<number> {
  const [row] = await queryOnce<{ events: string }>(
    database.url,
    "SELECT count(*) AS events FROM usage_event WHERE customer_id = $1 AND body ->> 'gateway' = $2",
    [customerId, name],
  );
  return Number(row?.events);
}

/** Waits until so many events of a gateway are in Postgres. */
function arrived(stage: Stage, account: Account, gateway: Gateway, events: number): Promise<number> {
  return eventually(`${events} events of ${gateway.name} are stored`, ARRIVED_MS_MAX, async () => {
    const stored = await eventsOf(stage, account, gateway);
    return stored >= events ? stored : null;
  });
}
