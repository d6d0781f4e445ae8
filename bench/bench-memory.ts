import { readFileSync } from 'node:fs';
import { CHAT_BODY } from './bodies.ts';
import type { Ends } from './ends.ts';
import { API_BASE, CHAT_PATH, publishKeys } from './fixture.ts';
import { sendLoad } from './load.ts';
import { median, store } from './report.ts';
import { openStage, type Stage, startTollwright, type Tollwright } from './stage.ts';

const KNOWN_KEYS = 100_000;
const ALL_KEYS = 1_000_000;
const LOAD_MINUTES = 10;
const ROUND_SECONDS = 15;
const ROUNDS_PER_MINUTE = 60 / ROUND_SECONDS;
/** About half of what a gateway serves on two cores that it shares with its store, its upstream and its load. */
const CALLS_PER_SECOND = 500;
const CONNECTIONS = 64;

/**
 * Memory of one gateway process, in MB of resident set: with 100,000 keys that all called once, through ten minutes of
 * load on them, and with 1,000,000 keys of which many more than it keeps have called.
 */
export async function benchMemory(ends: Ends): Promise<void> {
  const stage = await openStage(ends);
  const gateway = await startTollwright(stage, 'PostgreSQL');
  const atStart = residentMb(gateway.pid);
  const keys = await publishKeys(gateway.state, 0, KNOWN_KEYS);
  await callAll(stage, gateway, keys);
  const knowing = residentMb(gateway.pid);
  say(`${KNOWN_KEYS} keys have called: ${knowing} MB (${atStart} MB at the start)`);

  const minutes = await underLoad(stage, gateway, keys);
  const more = await publishKeys(gateway.state, KNOWN_KEYS, ALL_KEYS);
  await callAll(stage, gateway, more.slice(0, KNOWN_KEYS));
  const among = residentMb(gateway.pid);
  say(`${ALL_KEYS} keys, another ${KNOWN_KEYS} have called: ${among} MB`);
  store('memory', { atStartMb: atStart, knowing100000KeysMb: knowing, byMinuteMb: minutes, among1000000KeysMb: among });
}

/** Resident memory minute by minute, the median of its rounds. */
async function underLoad(stage: Stage, gateway: Tollwright, keys: readonly string[]): Promise<number[]> {
  const minutes: number[] = [];
  for (let minute = 1; minute <= LOAD_MINUTES; minute++) {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS_PER_MINUTE; round++) {
      await call(stage, gateway, keys, CALLS_PER_SECOND * ROUND_SECONDS, CALLS_PER_SECOND);
      rounds.push(residentMb(gateway.pid));
    }
    minutes.push(median(rounds));
    say(`minute ${minute} at ${CALLS_PER_SECOND} calls a second: ${minutes.at(-1)} MB`);
  }
  return minutes;
}

function callAll(stage: Stage, gateway: Tollwright, keys: readonly string[]): Promise<void> {
  return call(stage, gateway, keys, keys.length, null);
}

async function call(
  { loader }: Stage,
  { origin }: Tollwright,
  keys: readonly string[],
  requests: number,
  perSecond: number | null,
): Promise<void> {
  const order = { origin, path: `${API_BASE}${CHAT_PATH}`, headers: {}, body: CHAT_BODY, connections: CONNECTIONS };
  const { statuses } = await sendLoad(loader, { ...order, requests, perSecond, keys });
  if (statuses[200] !== requests) throw new Error(`not all answers were 200: ${JSON.stringify(statuses)}`);
}

function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
