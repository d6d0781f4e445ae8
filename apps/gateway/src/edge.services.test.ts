import { type EdgeFile, edgeBytes, edgeFiles, type RawAnswer, type RecordedCall } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EdgeStage, openEdgeStage } from './edge-harness.ts';
import { faultsOfCall, faultsOfPrice } from './edge-verdict-harness.ts';

const WAIT_MS = 5_000;
const files = edgeFiles();
/** Sent after a file: answered only by a gateway that has read the file to its end, and no byte more. */
const SENTINEL = Buffer.from('GET /healthz HTTP/1.1\r\nHost: gateway.test\r\n\r\n');

let stage: EdgeStage;

beforeAll(async () => {
  stage = await openEdgeStage();
});
afterAll(() => stage?.close());

async function send(file: EdgeFile) {
  const bytes = edgeBytes(file, { key: stage.key, payment: await stage.caller.payment() });
  const connection = await stage.connect((index) => index === 0 && file.request.startsWith('HEAD '));
  const before = stage.upstream.calls.length;
  try {
    await connection.send(bytes);
    const expected = file.statuses.length;
    await connection.answers(expected, WAIT_MS);
    if (file.closes) {
      const isClosed = await connection.isClosed(WAIT_MS);
      return { answers: await connection.answers(expected, 0), isClosed, calls: stage.upstream.calls.slice(before) };
    }
    await connection.send(SENTINEL);
    const answers = await connection.answers(expected + 1, WAIT_MS);
    const sentinel = answers.at(-1);
    const isSentinel = sentinel?.status === 200 && sentinel.headers['x-request-id'] === undefined;
    const own = isSentinel ? answers.slice(0, -1) : answers;
    return { answers: own, isClosed: !isSentinel, calls: stage.upstream.calls.slice(before) };
  } finally {
    connection.drop();
  }
}

async function eventsOf({ requestId }: RecordedCall) {
  const find = async () => (await stage.events()).get(requestId) ?? [];
  await expect.poll(find, { timeout: WAIT_MS }).not.toHaveLength(0);
  return find();
}

const byTarget = (one: { readonly target: string }, other: { readonly target: string }) =>
  one.target < other.target ? -1 : 1;
const statusesOf = (answers: readonly RawAnswer[]) => answers.map(({ status }) => status);

describe('a raw request', () => {
  it('there is a corpus of them', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it.each(files.map((file) => [file.name, file] as const))('%s', async (_name, file) => {
    const { answers, isClosed, calls } = await send(file);
    expect({ statuses: statusesOf(answers), isClosed }).toEqual({ statuses: file.statuses, isClosed: file.closes });
    const charged: { method: string; target: string; chargedNanoUsd: bigint | undefined }[] = [];
    for (const call of calls) {
      const events = await eventsOf(call);
      const { method, target } = call;
      charged.push({ method, target, chargedNanoUsd: events[0]?.chargedNanoUsd });
      const faults = [...faultsOfCall(call, stage.upstream.url, stage.key), ...faultsOfPrice(call, events)];
      expect(faults).toEqual([]);
    }
    expect(charged.sort(byTarget)).toEqual([...file.calls].sort(byTarget));
    expect(await stage.plainCall()).toBe(200);
    expect([stage.gateway.child.exitCode, stage.upstream.strays]).toEqual([null, []]);
  });

  it('left the gateway one event for each call that the upstream saw, and none beside', async () => {
    const count = stage.upstream.calls.length;
    await expect.poll(async () => (await stage.events()).size, { timeout: WAIT_MS }).toBe(count);
    const ids = stage.upstream.calls.map(({ requestId }) => requestId);
    expect(new Set(ids)).toEqual(new Set((await stage.events()).keys()));
  });
});
