import { setTimeout as sleep } from 'node:timers/promises';
import { queryOnce } from '@tollwright/testing';
import { eventually } from '../../eventually.ts';
import { auditPayments } from '../payments/audit.ts';
import type { Rails } from '../payments/every-rail.ts';
import { Payers, RAILS, type RailName, type SignedCall } from '../payments/payer.ts';
import type { Program } from '../process.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { chooseSome } from '../steps/choose.ts';
import { type Aim, numberWorker } from '../steps/numbered.ts';
import { CALL_NANO_USD } from '../tenant.ts';

const KILLS = { short: 2, whole: 60 };
/** Two turns of its jobs. */
const WALK_MS = 7_000;
/** A busy machine's turns. */
const DEATH_MS_MAX = 30_000;
const MISSED_SHARE_MAX = 0.25;
const FAILING = { 'x-upstream-status': '503' };

/** The worker dies anywhere while it finds out about payments and gives them back: each goes back once. */
export const paymentWorkerKills: Scenario = {
  name: 'payment-worker-kills',
  about: 'The worker is killed at places where it waits while it resolves payments and gives them back, on every rail.',
  sellsToStrangers: 'on-every-rail',
  shortAdapters: ['postgres'],
  async run(scene, { short, seed }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const rails = stage.rails as Rails;
    const numbered = numberWorker(stage.folder);
    const gateway = await scene.gateway('a');
    const account = await scene.account('calls', CALL_NANO_USD * 10n);
    const known = await scene.call(gateway, account);
    expect(known.status === 200, `a customer's call got ${known.status}`);
    const payers = await Payers.open(rails);
    const calls: SignedCall[] = [];
    const leave = async (rail: RailName, what: 'refunding' | 'unknown') => {
      const policy = what === 'refunding' ? 'before' : 'after';
      const call = await payers.sign(rail, policy, gateway.url);
      calls.push(call);
      if (what === 'unknown') loseNextReply(rails, rail);
      const seen = await call.show(gateway.url, what === 'refunding' ? FAILING : {});
      expect(seen.status === 503, `a payment by ${rail} that is to be ${what} was answered ${seen.status}`);
    };
    /** Work for a worker: a payment of each rail that has to go back, and of some that nobody knows the end of. */
    const leaveWork = async () => {
      for (const rail of RAILS) await leave(rail, 'refunding');
      for (const rail of RAILS.filter((one) => one !== 'tempo')) await leave(rail, 'unknown');
    };
    const start = () => stage.restartWorker({ imports: [numbered.imported], hears: true });
    const moments = await listMoments(stage, await start(), leaveWork);
    const kills = chooseSome(moments, short ? KILLS.short : KILLS.whole, seed);
    const missed: string[] = [];
    for (const aim of kills) {
      const worker = await start();
      await worker.ask({ kind: 'aim', at: aim });
      await leaveWork();
      const deadline = Date.now() + DEATH_MS_MAX;
      while (worker.isRunning() && Date.now() < deadline) await sleep(20);
      if (worker.isRunning()) missed.push(numbered.say(aim));
    }
    const rarely = missed.length <= Math.max(1, kills.length * MISSED_SHARE_MAX);
    expect(rarely, `${missed.length} of ${kills.length} moments were not reached: ${missed.join('; ')}`);
    await stage.restartWorker();
    const figures = await auditPayments(stage, calls, failures);
    expect(figures.returns === calls.length, `${figures.returns} of ${calls.length} payments went back`);
    return {
      attempts: 1 + calls.reduce((sum, { answers }) => sum + answers.length, 0),
      counted: [{ account }],
      raw: { seed, moments: moments.length, kills: kills.length - missed.length, ...figures },
      failures,
    };
  },
};

/** What whoever takes the money says next does not arrive. */
function loseNextReply({ facilitator, stripe }: Rails, rail: RailName): void {
  if (rail !== 'stripe') facilitator.faults.loseSettleReplies = 1;
  else
    stripe.faults.add({
      act: 'error',
      when: 'after',
      status: 500,
      count: 1,
      method: 'POST',
      path: '^/v1/payment_intents$',
    });
}

/** Has the worker do its work undisturbed, and lists the moments that it comes by and did not while it was idle. */
async function listMoments(stage: Stage, worker: Program, leaveWork: () => Promise<void>): Promise<readonly Aim[]> {
  await sleep(WALK_MS / 2);
  const idle = await worker.ask<Record<string, number>>({ kind: 'list' });
  await worker.ask({ kind: 'forget' });
  await leaveWork();
  await sleep(WALK_MS);
  await eventually('what has to go back has gone', DEATH_MS_MAX, async () => {
    const back = await queryOnce(stage.database.url, "SELECT 1 FROM payment WHERE state = 'refunded'");
    return back.length >= RAILS.length ? true : null;
  });
  const reached = await worker.ask<Record<string, number>>({ kind: 'list' });
  return Object.keys(reached).flatMap((name) => {
    const [step, moment] = name.split(' ') as [string, Aim['moment']];
    return name in idle ? [] : [{ step: Number(step), moment, times: 1 }];
  });
}
