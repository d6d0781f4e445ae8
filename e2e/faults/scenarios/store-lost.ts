import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { type Answer, drive, type Gateway, type Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { CALL_NANO_USD } from '../tenant.ts';

const AFFORDED = 120;
const BEFORE_COPY = 20;
const BEFORE_LOSS = 40;
const REBUILD_MS_MAX = 60_000;

/** How a store is lost, and what makes that known where the store itself cannot tell. */
interface Loss {
  /** Once some calls are made: what will be there afterwards. */
  prepare?(stage: Stage): Promise<void>;
  /** Once more calls are made. */
  lose(stage: Stage): Promise<void>;
}

/**
 * Loses the store under traffic with a call under way, and goes on until the budget is used up. What was spent, held and
 * shipped has to come back from Postgres and from gateways before anything is granted again.
 */
function losing(loss: Loss): Scenario['run'] {
  return async (scene) => {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const gateways = await Promise.all(['a', 'b'].map((name) => scene.gateway(name)));
    const account = await scene.account('calls', CALL_NANO_USD * BigInt(AFFORDED));
    const epoch = await stage.untilOpen();
    const callAt = (turn: number) => scene.call(gateways[turn % gateways.length] as Gateway, account);
    const many = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => callAt(index)));
    const early = await many(BEFORE_COPY);
    await loss.prepare?.(stage);
    early.push(...(await served(scene, gateways, account)));
    const running = scene.call(gateways[0] as Gateway, account, { upstream: { 'delay-ms': 4_000 } });
    early.push(...(await many(BEFORE_LOSS)));
    const lostAt = Date.now();
    const traffic = drive(4, callAt);
    await loss.lose(stage);
    const raised = await epochAfter(stage, epoch);
    const rebuiltMs = Date.now() - lostAt;
    // One that has never seen the store before.
    gateways.push(await scene.gateway('c'));
    await usedUp(scene, gateways, account);
    await traffic.stop();
    const answers = [...early, ...traffic.answers, await running];
    const made = answers.filter(({ status }) => status === 200).length;
    const away = answers.filter(({ status }) => status === 503).length;
    expect(
      early.every(({ status }) => status === 200),
      'a call before the loss was refused',
    );
    expect(raised > epoch, `the epoch is ${raised} after ${epoch}`);
    return {
      attempts: answers.length,
      counted: [{ account }],
      raw: { made, answered503: away, rebuiltMs, epoch: raised },
      failures,
    };
  };
}

/** The first open epoch after this one. */
export function epochAfter(stage: Stage, epoch: number): Promise<number> {
  return eventually('the store is restored', REBUILD_MS_MAX, async () => {
    const now = await stage.state.epochs.survey().catch(() => null);
    return now?.kind === 'open' && now.epoch > epoch ? now.epoch : null;
  });
}

/** Waits until every gateway is served by a store that was stopped for a moment. Answers the calls that were. */
export function served(
  scene: Scene,
  gateways: readonly Gateway[],
  account: Parameters<Scene['call']>[1],
): Promise<Answer[]> {
  return Promise.all(
    gateways.map((gateway) =>
      eventually(`${gateway.name} is served by the store`, REBUILD_MS_MAX, async () => {
        const answer = await scene.call(gateway, account);
        return answer.status === 200 ? answer : null;
      }),
    ),
  );
}

/** Waits until every gateway refuses for want of budget. */
export async function usedUp(
  scene: Scene,
  gateways: readonly Gateway[],
  account: Parameters<Scene['call']>[1],
): Promise<void> {
  await eventually('every gateway says that the budget is used up', REBUILD_MS_MAX, async () => {
    const slugs = await Promise.all(gateways.map(async (gateway) => (await scene.call(gateway, account)).slug));
    return slugs.every((slug) => slug === 'budget-exhausted') ? true : null;
  });
}

/** PostgreSQL cannot tell that its data are older than they were: whoever restores a copy says so. */
async function rollBack(stage: Stage): Promise<void> {
  await stage.store.rollBack();
  if (stage.adapter === 'postgres') await stage.epoch('raise', 'restored from a copy');
}

/** Empties a Redis; a PostgreSQL goes back to the copy that was put aside. */
export function loseStore(stage: Stage): Promise<void> {
  return stage.adapter === 'redis' ? stage.store.flush() : rollBack(stage);
}

export const storeRollback: Scenario = {
  name: 'store-rollback',
  about: 'The state store is killed and its data are replaced by an older copy.',
  store: 'own',
  run: losing({ prepare: (stage) => stage.store.copyAside(), lose: rollBack }),
};

export const storeRestart: Scenario = {
  name: 'store-restart',
  about: 'Redis is killed and starts on its own data, of which it may have lost the end.',
  adapters: ['redis'],
  store: 'own',
  run: losing({ lose: (stage) => stage.store.restart() }),
};

export const flushInRebuild: Scenario = {
  name: 'flush-in-rebuild',
  about: 'Redis is emptied, and emptied again in the middle of each rebuild that follows, three times.',
  adapters: ['redis'],
  store: 'own',
  run: losing({
    async lose(stage) {
      await stage.store.flush();
      for (let again = 0; again < 3; again++) {
        await eventually('a rebuild is under way', REBUILD_MS_MAX, async () => {
          const now = await stage.state.epochs.current().catch(() => null);
          return now?.kind === 'closed' ? true : null;
        });
        await sleep(Math.random() * 400);
        await stage.store.flush();
      }
    },
  }),
};

export const shardLost: Scenario = {
  name: 'shard-lost',
  about: 'One node after the other of a three-node cluster is emptied.',
  adapters: ['redis'],
  store: 'cluster',
  run: losing({
    async lose(stage) {
      for (const node of [0, 1, 2]) {
        const { epoch } = await stage.state.epochs.survey();
        await stage.store.flush(node);
        if (node < 2) await epochAfter(stage, epoch);
      }
    },
  }),
};

export const replicaPromoted: Scenario = {
  name: 'replica-promoted',
  about: 'Redis dies and a replica takes its place that had not heard the last calls.',
  adapters: ['redis'],
  store: 'replica',
  run: losing({ prepare: (stage) => stage.store.holdReplica(), lose: (stage) => stage.store.promoteReplica() }),
};
