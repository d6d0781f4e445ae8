import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';

const FRAME_HEAD_BYTES = 8;
const SPOOL = /^spl_/;
const SEGMENT = /^\d{8}\.seg$/;

/** A record of a spool as it lies on the disk, from `start` to `end` in its segment. */
export interface Written {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly eventId: string;
  readonly customerId: string | null;
  readonly json: string;
}

/** The newest segment of a spool whose gateway is dead. Records are read by what the format says, not by the product. */
export interface Tail {
  readonly spoolId: string;
  readonly records: readonly Written[];
  /** Cuts it off there, and says that the machine was started anew since. */
  cutAt(bytes: number): void;
}

/**
 * The names of all spool folders, those that were taken over and lie within others too; some are hidden by a dot. Null when a
 * folder went while this looked.
 */
export function foldersBelow(spoolDir: string): readonly string[] | null {
  try {
    const names = readdirSync(spoolDir, { recursive: true, encoding: 'utf8' });
    return names.map((name) => basename(name)).filter((name) => /^\.?spl_/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
}

/** Opens the one spool of a folder. Throws when there is not exactly one. */
export function openTail(spoolDir: string): Tail {
  const spools = readdirSync(spoolDir).filter((name) => SPOOL.test(name));
  const [spoolId] = spools;
  if (spoolId === undefined || spools.length > 1) throw new Error(`there are ${spools.length} spools, not one`);
  const dir = join(spoolDir, spoolId);
  const newest = readdirSync(dir)
    .filter((name) => SEGMENT.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`${spoolId} has no segment`);
  return {
    spoolId,
    records: recordsOf(readFileSync(join(dir, newest))),
    cutAt(bytes) {
      truncateSync(join(dir, newest), bytes);
      const meta = join(dir, 'spool.json');
      writeFileSync(meta, JSON.stringify({ ...JSON.parse(readFileSync(meta, 'utf8')), bootId: 'an-earlier-boot' }));
    },
  };
}

/** Records as they lie on the disk. */
export function segmentOf(jsons: readonly string[]): Buffer {
  return Buffer.concat(
    jsons.flatMap((json) => {
      const payload = Buffer.from(json);
      const head = Buffer.alloc(FRAME_HEAD_BYTES);
      head.writeUInt32LE(payload.length, 0);
      head.writeUInt32LE(crc32(payload), 4);
      return [head, payload];
    }),
  );
}

function recordsOf(segment: Buffer): Written[] {
  const records: Written[] = [];
  for (let start = 0; start < segment.length; ) {
    const end = start + FRAME_HEAD_BYTES + segment.readUInt32LE(start);
    const json = segment.toString('utf8', start + FRAME_HEAD_BYTES, end);
    const record = JSON.parse(json);
    const about = record.base ?? record.item?.event ?? record;
    const { eventId, customerId = null } = about;
    records.push({ start, end, kind: record.kind, eventId, customerId, json });
    start = end;
  }
  return records;
}
