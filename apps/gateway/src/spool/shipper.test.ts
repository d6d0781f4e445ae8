import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InboxStore, StateRejected } from '@tollwright/state';
import type { Logger } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Shipper } from './shipper.ts';
import { Spool } from './spool.ts';

let root: string;
let spool: Spool;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tw-'));
  spool = await Spool.open(root, 'one');
});
afterEach(async () => {
  await spool.close();
  spool.folder.proof.close();
  rmSync(root, { recursive: true, force: true });
});

const record = (text: string) => spool.record(JSON.stringify({ text }), false, () => undefined);

/** A shipper to an inbox that writes down what came, and a log that writes down errors. */
function shipping() {
  const seen: string[] = [];
  let appended = 0;
  const forget = () => {
    appended = 0;
  };
  const inbox = {
    appendJson: async (_spoolId: string, first: number, count: number, json: Buffer) => {
      if (first > appended + 1) throw new StateRejected('a gap');
      appended = first + count - 1;
      seen.push(`${first}+${count} ${json}`);
    },
    watermark: async () => appended,
  } as unknown as InboxStore;
  const log = { error: (_: unknown, text: string) => seen.push(text), warn: () => undefined } as unknown as Logger;
  return { shipper: new Shipper(spool, inbox, log, (reason) => seen.push(reason)), seen, forget };
}

it('ships nothing before the disk has it, and with it nothing that came while it was synced', async () => {
  const { shipper, seen } = shipping();
  const sync = spool.synced.bind(spool);
  let syncs = 0;
  spool.synced = async () => {
    const answer = sync();
    if (syncs++ === 0) record('during the sync');
    await answer;
    seen.push(`synced ${syncs}`);
  };
  record('one');
  record('two');
  expect(await shipper.ship()).toBe(true);
  expect(seen).toEqual([
    ...['synced 1', '1+2 [{"text":"one"},{"text":"two"}]'],
    ...['synced 2', '3+1 [{"text":"during the sync"}]'],
  ]);
});

it('ships what a failing disk does not keep: the inbox may be all that is left', async () => {
  const { shipper, seen } = shipping();
  spool.synced = () => Promise.reject(new Error('the disk is gone'));
  record('one');
  expect(await shipper.ship()).toBe(true);
  expect(seen).toEqual(['the spool cannot be synced; its items are shipped all the same', '1+1 [{"text":"one"}]']);
});

it('tells of an inbox that has forgotten what was committed, once for each step back', async () => {
  const { shipper, seen, forget } = shipping();
  record('one');
  expect(await shipper.ship()).toBe(true);
  await shipper.look();
  expect(shipper.watermark).toBe(1);
  forget();
  record('two');
  expect(await shipper.ship()).toBe(false);
  await shipper.look();
  expect(seen).toEqual(['1+1 [{"text":"one"}]', 'the inbox has forgotten what was committed']);
});
