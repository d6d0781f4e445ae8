import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, http } from 'viem';
import { describe, expect, it } from 'vitest';
import { startChain } from './chain.ts';

const payer = '0x00000000000000000000000000000000000000aa' as const;

describe('local chain', () => {
  it('keeps balances over a restart, and goes on at the present time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollwright-chain-'));
    const stateFile = join(folder, 'state.json');
    const first = await startChain({ port: 0, stateFile });
    await first.mint(payer, 5_000_000n);
    await first.close();
    const second = await startChain({ port: 0, stateFile });
    expect(await second.balanceOf(payer)).toBe(5_000_000n);
    await second.mint(payer, 1n);
    const block = await createPublicClient({ transport: http(second.rpcUrl) }).getBlock();
    expect(Math.abs(Number(block.timestamp) - Date.now() / 1000)).toBeLessThan(5);
    await second.close();

    writeFileSync(stateFile, '{"half":');
    const third = await startChain({ port: 0, stateFile });
    expect(await third.balanceOf(payer)).toBe(5_000_000n);
    await third.close();
    rmSync(folder, { recursive: true });
  });
});
