import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrantedNode, Hold, ReserveItem, StatePort } from '@tollwright/state';
import { segmentOf, type Written } from './spool-file.ts';

const PREFIX = 'spl_';
const NAME_CHARS = 26;
const FIRST_SEGMENT = '00000001.seg';

/** What a gateway left that died with calls under way: its records, and what the store holds for them. */
export interface Estate {
  readonly spoolId: string;
  readonly records: readonly Written[];
  readonly holds: readonly Hold[];
  /** The tag's counters: what each node's limit and period is. */
  readonly nodes: readonly GrantedNode[];
  /** The counter that each copy has one of its own of. */
  readonly node: string;
  readonly meta: Readonly<Record<string, unknown>>;
  /** A socket that nobody listens on any more. */
  readonly socket: string;
}

/** The estate once more, of another spool, whose records were cut. */
export interface DeadCopy {
  readonly spoolId: string;
  readonly node: string;
  readonly cutAt: number;
}

/** Reads the rest of an estate from the folder of a dead gateway; `socket` is where its socket stays when the folder goes. */
export function keepSocket(dir: string, socket: string): Readonly<Record<string, unknown>> {
  linkSync(join(dir, 's'), socket);
  return JSON.parse(readFileSync(join(dir, 'spool.json'), 'utf8'));
}

/**
 * Makes the estate again under another spool id and with another counter: the store holds as much for it, and its records
 * end at a byte, as after a loss of power. Names keep their lengths, so a byte is the same place in every copy.
 */
export async function leaveCopy(state: StatePort, epoch: number, spoolDir: string, estate: Estate, cutAt: number) {
  const spoolId = `${PREFIX}${nameOf(NAME_CHARS)}`;
  const node = estate.node.slice(0, -NAME_CHARS) + nameOf(NAME_CHARS);
  const renamed = (text: string) =>
    text.replaceAll(estate.spoolId.slice(PREFIX.length), spoolId.slice(PREFIX.length)).replaceAll(estate.node, node);
  const meta = { ...estate.meta, spoolId, bootId: 'an-earlier-boot' };
  const [{ tag }] = estate.holds as [Hold];
  await state.spools.register({
    spoolId,
    bootId: meta.bootId,
    host: String(estate.meta.host),
    url: 'http://dead.test',
  });
  const items = estate.holds.map((hold): ReserveItem => {
    const nodes = hold.nodes.map(({ node: name, amount }) => {
      const { period, limit } = estate.nodes.find((one) => one.node === name) as GrantedNode;
      return { node: renamed(name), kind: 'budget' as const, amount, period, limit };
    });
    const { deadlineAtMs, reason } = hold;
    return { kind: 'reserve', callId: renamed(hold.callId), versions: {}, windows: [], nodes, deadlineAtMs, reason };
  });
  const seat = { tag, epoch, spoolId, incarnation: 1, number: 1, opens: true };
  const reply = await state.counters.batch(seat, items);
  if (reply.kind !== 'done' || reply.replies.some(({ kind }) => kind !== 'granted')) {
    throw new Error(`the store did not grant what ${spoolId} holds: ${JSON.stringify(reply, bigintText)}`);
  }
  const hidden = join(spoolDir, `.${spoolId}`);
  mkdirSync(hidden, { mode: 0o700 });
  writeFileSync(join(hidden, 'spool.json'), JSON.stringify(meta));
  const segment = segmentOf(estate.records.map(({ json }) => renamed(json)));
  writeFileSync(join(hidden, FIRST_SEGMENT), segment.subarray(0, cutAt));
  linkSync(estate.socket, join(hidden, 's'));
  renameSync(hidden, join(spoolDir, spoolId));
  return { spoolId, node, cutAt };
}

function nameOf(chars: number): string {
  return BigInt(`0x${randomBytes(24).toString('hex')}`)
    .toString(36)
    .padStart(chars, '0')
    .slice(-chars);
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
