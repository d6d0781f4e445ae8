import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toJson } from '@tollwright/contracts';
import { createBatcher, type Hold, type StatePort } from '@tollwright/state';
import type { Logger } from 'pino';
import { endAnswers } from '../idempotency/end-answers.ts';
import { FRAME_HEAD_BYTES, writeFrame } from './frame.ts';
import { interruptedEvent } from './interrupted.ts';
import { isProvedDead } from './proof-of-death.ts';
import { itemRecordJson } from './record-json.ts';
import { type NumberedItem, type Replay, replaySpool } from './replay.ts';
import { segmentPath } from './segment-writer.ts';
import type { Spool } from './spool.ts';
import { readSpoolMeta, type SpoolMeta } from './spool-folder.ts';

const TAKEN = 'taken';
/** Begins the name of a folder that is only to be deleted. */
const DONE_WITH = '.';
const SCAN_EVERY_MS = 1_000;
const ITEMS_PER_APPEND = 500;
const SETTLE_TIMEOUT_MS = 10_000;

export interface SuccessorOptions {
  readonly root: string;
  readonly spool: Spool;
  readonly state: StatePort;
  readonly log: Logger;
}

/**
 * Looks after the spools of dead siblings: proves death, takes the folder into its own (so that its own socket vouches
 * for it), raises the incarnation, ships what was left, settles the holds, and ends the spool once Postgres has it all.
 */
export class Successor {
  readonly #options: SuccessorOptions;
  readonly #home: string;
  readonly #settled = new Set<string>();
  readonly #warned = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;

  constructor(options: SuccessorOptions) {
    this.#options = options;
    this.#home = join(options.spool.folder.dir, TAKEN);
    mkdirSync(this.#home, { recursive: true, mode: 0o700 });
  }

  start(): void {
    this.#timer = setInterval(() => void this.scan(), SCAN_EVERY_MS);
    this.#timer.unref();
    void this.scan();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Whether a folder that was taken is still being drained. */
  get busy(): boolean {
    return readdirSync(this.#home).length > 0;
  }

  scan(): Promise<void> {
    this.#running ??= this.#scan().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #scan(): Promise<void> {
    try {
      for (const name of readdirSync(this.#options.root)) await this.#consider(name);
    } catch (error) {
      this.#options.log.error({ err: error }, 'the spool folder cannot be read');
    }
    for (const name of readdirSync(this.#home)) {
      try {
        await this.#end(join(this.#home, name));
      } catch (error) {
        this.#options.log.warn({ err: error, spool: name }, 'a dead spool is not drained yet');
      }
    }
  }

  async #consider(name: string): Promise<void> {
    const { root, spool, log } = this.#options;
    const dir = join(root, name);
    if (name === spool.spoolId || name.startsWith('.')) return;
    const meta = readSpoolMeta(dir);
    if (meta === null || !this.#mayJudge(meta) || !(await isProvedDead(dir))) return;
    try {
      renameSync(dir, join(this.#home, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    log.info({ spool: name }, 'took over the spool of a dead gateway');
    this.#liftNested(join(this.#home, name));
  }

  /** Sockets prove something on their own kernel only. A folder of another machine means a volume mounted twice. */
  #mayJudge(meta: SpoolMeta): boolean {
    const own = this.#options.spool.folder.meta;
    if (meta.bootId === own.bootId || meta.host === own.host) return true;
    if (!this.#warned.has(meta.spoolId)) {
      this.#warned.add(meta.spoolId);
      this.#options.log.error({ spool: meta.spoolId, host: meta.host }, 'a spool of another machine is on this volume');
    }
    return false;
  }

  /** Whoever took it before may have died anywhere in here: what it had no time to lift is lifted now. */
  async #end(dir: string): Promise<void> {
    if (basename(dir).startsWith(DONE_WITH)) return rm(dir, { recursive: true, force: true });
    this.#liftNested(dir);
    await this.#drain(dir);
  }

  /** What the dead gateway had itself taken over becomes this one's. */
  #liftNested(dir: string): void {
    const nested = join(dir, TAKEN);
    if (!existsSync(nested)) return;
    for (const name of readdirSync(nested)) renameSync(join(nested, name), join(this.#home, name));
  }

  async #drain(dir: string): Promise<void> {
    const { spool, state, log } = this.#options;
    const meta = readSpoolMeta(dir);
    if (meta === null) return;
    const { spoolId } = meta;
    if (!this.#settled.has(spoolId)) {
      const { incarnation, seats, holds } = await state.spools.takeOver(spoolId, spool.spoolId);
      const watermark = await state.inbox.watermark(spoolId);
      const replay = replaySpool(dir);
      const items = closeInterrupted(dir, replay, watermark);
      await this.#ship(spoolId, items, watermark);
      await endAnswers(state.answers, replay.answerKeys, items);
      const now = await state.epochs.current();
      if (now.kind !== 'open') {
        // Everything that it charged is in its items; the store is restored from them.
        const sequence = items.at(-1)?.sequence ?? 0;
        await state.epochs.rejoin({ epoch: now.epoch, spoolId, sequence, holds: [], claims: [] });
        return;
      }
      const batcher = createBatcher({ counters: state.counters, spoolId, seats, incarnation, epoch: now.epoch });
      try {
        await settleHolds(batcher.settle, holds, items, meta.bootId === spool.folder.meta.bootId);
      } finally {
        batcher.stop();
      }
      this.#settled.add(spoolId);
      log.info({ spool: spoolId, holds: holds.length, items: items.length }, 'drained the spool of a dead gateway');
    }
    const last = replaySpool(dir).items.at(-1)?.sequence ?? 0;
    if ((await state.inbox.watermark(spoolId)) < last) return;
    await state.spools.close(spoolId);
    // A folder that is half deleted says no more whose it was.
    const doneWith = join(this.#home, `${DONE_WITH}${spoolId}`);
    renameSync(dir, doneWith);
    await rm(doneWith, { recursive: true, force: true });
  }

  async #ship(spoolId: string, items: readonly NumberedItem[], watermark: number): Promise<void> {
    const { inbox } = this.#options.state;
    const rest = items.filter(({ sequence }) => sequence > watermark);
    for (let from = 0; from < rest.length; from += ITEMS_PER_APPEND) {
      await inbox.append(spoolId, rest.slice(from, from + ITEMS_PER_APPEND));
    }
  }
}

/**
 * Writes one `interrupted` event for each intent without outcome into a new segment, and answers all items. Numbers go on
 * from the last one, which the watermark knows when its segment is already deleted.
 */
function closeInterrupted(dir: string, replay: Replay, watermark: number): NumberedItem[] {
  const items = [...replay.items];
  let sequence = Math.max(items.at(-1)?.sequence ?? 0, watermark);
  const added = replay.interrupted.map(({ intent, progress }): NumberedItem => {
    sequence++;
    return { sequence, item: { kind: 'usage', event: interruptedEvent(intent, progress) } };
  });
  if (added.length === 0) return items;
  const fd = openSync(segmentPath(dir, replay.lastSegment + 1), 'wx', 0o600);
  try {
    for (const { sequence: number, item } of added) {
      const json = itemRecordJson(number, toJson(item));
      const frame = Buffer.alloc(FRAME_HEAD_BYTES + Buffer.byteLength(json));
      writeSync(fd, frame, 0, writeFrame(frame, 0, json));
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return items.concat(added);
}

/**
 * Ends every hold of the dead spool: as its event says; without any record, the call was never forwarded (released)
 * unless the machine itself went down, which may have lost the record (spent).
 */
async function settleHolds(
  settle: ReturnType<typeof createBatcher>['settle'],
  holds: readonly Hold[],
  items: readonly NumberedItem[],
  sameBoot: boolean,
): Promise<void> {
  const charges = new Map<string, Record<string, bigint>>();
  for (const { item } of items) {
    if (item.kind !== 'usage') continue;
    charges.set(item.event.eventId, Object.fromEntries(item.event.charges.map(({ node, amount }) => [node, amount])));
  }
  const settlements = holds.map(({ callId, tag, nodes }) => {
    const held = Object.fromEntries(nodes.map(({ node, amount }) => [node, amount]));
    return settle(tag, { kind: 'settle', callId, charges: charges.get(callId) ?? (sameBoot ? {} : held) });
  });
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('the store did not settle in time')), SETTLE_TIMEOUT_MS).unref();
  });
  await Promise.race([Promise.all(settlements), late]);
}
