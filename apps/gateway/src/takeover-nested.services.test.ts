import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

let stage: Stage;
let spools: string;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
  spools = join(stage.folder, 'spool');
});
afterAll(() => stage?.close());

const spoolOf = (gateway: GatewayProcess) => /"spool":"(spl_\w+)"/.exec(gateway.log())?.[1] ?? '';
const heldOf = async (customerId: string) =>
  (await stage.state.counters.holds({ tag: `c:${customerId}` })).map(({ callId }) => callId);
const ended = ({ child }: GatewayProcess) => expect.poll(() => child.signalCode ?? child.exitCode).not.toBeNull();

describe('a gateway that dies while it takes a spool over', () => {
  it('leaves folders in folders: whoever takes its own drains every one of them', async () => {
    const key = await stage.subscribe('cus_nested');
    const first = await stage.startGateway('first');
    const others = await Promise.all(['second', 'third'].map((name) => stage.startGateway(name)));
    const stream = await chat(first, key, { stream: true }, { 'x-upstream-chunk-interval-ms': '60000' });
    const broken = stream.text().catch(() => undefined);
    for (const gateway of [...others, first]) gateway.child.kill('SIGKILL');
    for (const gateway of [...others, first]) await ended(gateway);
    await broken;
    expect(await heldOf('cus_nested')).toHaveLength(1);
    const [second, third] = others.map(spoolOf) as [string, string];
    // The third had just moved the second's folder into its own, which had done the same with the first's.
    renameSync(join(spools, spoolOf(first)), join(spools, second, 'taken', spoolOf(first)));
    renameSync(join(spools, second), join(spools, third, 'taken', second));
    await stage.startGateway('heir');
    await expect.poll(() => heldOf('cus_nested')).toEqual([]);
    const requestId = stream.headers.get('x-request-id');
    const own = () => stage.events().then((events) => events.filter((event) => event.requestId === requestId));
    await expect.poll(own).toHaveLength(1);
  });

  it('leaves a closed folder half deleted: the rest of it is deleted', async () => {
    const heir = await stage.startGateway('another heir');
    const rest = join(spools, spoolOf(heir), 'taken', `.spl_${'0'.repeat(26)}`);
    mkdirSync(rest);
    writeFileSync(join(rest, '00000001.seg'), '');
    await expect.poll(() => existsSync(rest)).toBe(false);
  });
});
