import { join } from 'node:path';
import { queryOnce } from '@tollwright/testing';
import { eventually } from '../../eventually.ts';
import { type DeadCopy, type Estate, keepSocket, leaveCopy } from '../dead-spools.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Scene } from '../scene.ts';
import { foldersBelow, openTail } from '../spool-file.ts';
import { stateAs } from '../store.ts';
import type { Account } from '../tenant.ts';

const AMPLE_NANO_USD = 900_000_000_000n;
const CALLS = 2;
const CUTS_AT_ONCE = 400;
const SHORT_CUTS = 60;
const DRAIN_MS_MAX = 240_000;
/** Streams that last long enough for their progress to be written down. */
const LASTING = { stream: true, maxTokens: 16, upstream: { chunks: 7, 'chunk-interval-ms': 200 } };

/** Wherever power fails within the records of calls, each of them has the end that is left of it. */
export const spoolEveryByte: Scenario = {
  name: 'spool-every-byte',
  about:
    'The records of two streams are cut at every byte, each time as another dead spool; one gateway drains them all.',
  async run(scene, { short }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const account = await scene.account('tokens', AMPLE_NANO_USD);
    const estate = await leaveEstate(scene, account);
    const [from, to] = [estate.records[0]?.start ?? 0, estate.records.at(-1)?.end ?? 0];
    const kinds = (kind: string) => estate.records.filter((one) => one.kind === kind).length;
    expect(from === 0, `the first record begins at ${from}`);
    for (const kind of ['intent', 'progress', 'item'])
      expect(kinds(kind) >= CALLS, `${kinds(kind)} records of ${kind}`);
    const heir = await scene.gateway('heir');
    const over = await scene.account('tokens', AMPLE_NANO_USD);
    await scene.call(heir, over);
    const gateways = stateAs(stage.store, 'tollwright_gateway');
    const { epoch } = await stage.state.epochs.current();
    const every = Array.from({ length: to + 1 }, (_, at) => at);
    const step = Math.ceil(to / SHORT_CUTS);
    const chosen = short ? every.filter((at) => at % step === 0) : every;
    let cuts = 0;
    for (let first = 0; first < chosen.length; first += CUTS_AT_ONCE) {
      const copies: DeadCopy[] = [];
      for (const at of chosen.slice(first, first + CUTS_AT_ONCE)) {
        copies.push(await leaveCopy(gateways, epoch, scene.spoolDir, estate, at));
      }
      await allClosed(scene, copies);
      for (const line of await wrongAbout(scene, account, estate, copies)) expect(false, line);
      cuts += copies.length;
    }
    await gateways.close();
    const raw = { cuts, bytes: to, intents: kinds('intent'), progress: kinds('progress'), items: kinds('item') };
    return { attempts: cuts * CALLS + CALLS + 1, counted: [{ account: over }], raw, failures };
  },
};

/** A gateway makes its calls, whose outcomes get as far as the disk, and dies. */
async function leaveEstate(scene: Scene, account: Account): Promise<Estate> {
  const { stage, spoolDir } = scene;
  const proxy = await scene.storeProxy();
  const gateway = await scene.gateway('testator', { storePort: proxy.port });
  const { gate } = stage.upstream;
  gate.close();
  const running = Array.from({ length: CALLS }, () => scene.call(gateway, account, LASTING));
  await eventually('the calls are at the upstream', 30_000, async () => (gate.waiting >= CALLS ? true : null));
  proxy.cut();
  gate.open();
  await Promise.all(running);
  await gateway.kill();
  const { spoolId, records } = openTail(spoolDir);
  const tag = `c:${account.customerId}`;
  const socket = join(stage.folder, 'dead.socket');
  return {
    ...{ spoolId, records, socket, node: account.node, meta: keepSocket(join(spoolDir, spoolId), socket) },
    holds: await stage.state.counters.holds({ tag }),
    nodes: await stage.state.counters.read(tag),
  };
}

/** Waits until the heir has closed them, which is when their folders go. */
function allClosed({ spoolDir }: Scene, copies: readonly DeadCopy[]): Promise<true> {
  return eventually('the spools are closed', DRAIN_MS_MAX, async () => {
    const left = foldersBelow(spoolDir)?.map((name) => name.replace('.', ''));
    const folders = new Set(left);
    return left === undefined || copies.some(({ spoolId }) => folders.has(spoolId)) ? null : true;
  });
}

interface Ended {
  readonly decision: string;
  readonly charged: bigint;
}

/** What Postgres and the store say of the copies, as far as it is not what is left in their records. */
async function wrongAbout(scene: Scene, account: Account, estate: Estate, copies: readonly DeadCopy[]) {
  const { stage } = scene;
  const tag = `c:${account.customerId}`;
  const rows = await queryOnce<{ event_id: string; decision: string; charged: string }>(
    stage.database.url,
    'SELECT event_id, decision, charged_nano_usd AS charged FROM usage_event WHERE customer_id = $1',
    [account.customerId],
  );
  const events = new Map<string, Ended[]>();
  for (const { event_id: eventId, decision, charged } of rows) {
    events.set(eventId, [...(events.get(eventId) ?? []), { decision, charged: BigInt(charged) }]);
  }
  const counters = new Map((await stage.state.counters.read(tag)).map((one) => [one.node, one]));
  return copies.flatMap((copy) => {
    const wanted = estate.holds.map((hold) => leftOf(estate, hold.callId, copy.cutAt));
    const found = estate.holds.map(({ callId }) => events.get(callId.replace(estate.spoolId, copy.spoolId)) ?? []);
    const held = (index: number) => estate.holds[index]?.nodes.find(({ node }) => node === estate.node)?.amount ?? 0n;
    const spent = wanted.reduce((sum, ended, index) => sum + (ended?.charged ?? held(index)), 0n);
    const { spent: isSpent, held: isHeld } = counters.get(copy.node) ?? { spent: 0n, held: 0n };
    const said = (ends: readonly (Ended | null)[]) =>
      ends.map((end) => (end === null ? 'nothing' : `${end.decision} ${end.charged}`)).join(', ');
    const is = `${found.map((ends) => (ends.length === 0 ? 'nothing' : said(ends))).join(', ')}; spent ${isSpent}, held ${isHeld}`;
    const shouldBe = `${said(wanted)}; spent ${spent}, held 0`;
    return is === shouldBe ? [] : [`cut at ${copy.cutAt}: ${is}, not ${shouldBe}`];
  });
}

/** How a call ends by the records before the cut; null without its intent, of which nobody can tell then. */
function leftOf({ records }: Estate, callId: string, cutAt: number): Ended | null {
  const own = records.filter(({ eventId, end }) => eventId === callId && end <= cutAt);
  if (!own.some(({ kind }) => kind === 'intent')) return null;
  const last = (kind: string) => {
    const json = own.findLast((one) => one.kind === kind)?.json;
    return json === undefined ? null : JSON.parse(json);
  };
  const item = last('item');
  if (item !== null) return { decision: 'forwarded', charged: BigInt(item.item.event.chargedNanoUsd) };
  return { decision: 'interrupted', charged: BigInt(last('progress')?.tail.chargedNanoUsd ?? 0) };
}
