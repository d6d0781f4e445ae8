import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, createTestClient, type Hex, http, parseAbi } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chain, startChain } from './chain.ts';
import { contractsOf } from './contracts/place.ts';
import { newPayer, newSeller, PRICE_ATOMIC, payloadOf, requirementsOn } from './facilitator-harness.ts';
import { BASE } from './network.ts';

const payer = '0x00000000000000000000000000000000000000aa' as const;
const transferAbi = parseAbi([
  'function transferWithAuthorization(address, address, uint256, uint256, uint256, bytes32, bytes)',
]);

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

  it('is not started with the id of a network that nobody knows here', async () => {
    await expect(startChain({ port: 0, chainId: 1 })).rejects.toThrow('no local chain has the id 1');
  });
});

describe('two local chains', () => {
  let sepolia: Chain;
  let base: Chain;
  beforeAll(async () => {
    [sepolia, base] = await Promise.all([startChain({ port: 0 }), startChain({ port: 0, chainId: BASE.chainId })]);
  });
  afterAll(() => Promise.all([sepolia, base].map((chain) => chain.close())));

  it('have ledgers of their own, which count each movement', async () => {
    await sepolia.mint(payer, 7n);
    await base.mint(payer, 11n);
    await base.mint(payer, 13n);
    expect([await sepolia.balanceOf(payer), await base.balanceOf(payer)]).toEqual([7n, 24n]);
    expect((await base.transfers()).map(({ amountAtomic }) => amountAtomic)).toEqual([11n, 13n]);
    expect(await base.transfers(payer)).toEqual([]);
  });

  it("have tokens that refuse a signature for the other's, though it stood at the same address", async () => {
    const account = await newPayer(sepolia, PRICE_ATOMIC);
    const requirements = requirementsOn(sepolia, newSeller(), 'exact');
    const { payload } = await payloadOf(account, requirements);
    const { authorization, signature } = payload as { authorization: Record<string, string>; signature: Hex };
    const { from, to, value, validAfter, validBefore, nonce } = authorization;
    const call = (chain: Chain) =>
      createPublicClient({ transport: http(chain.rpcUrl) }).simulateContract({
        ...{ address: sepolia.usdc, abi: transferAbi, functionName: 'transferWithAuthorization' },
        args: [
          from as Hex,
          to as Hex,
          ...[value, validAfter, validBefore].map((text) => BigInt(text ?? '')),
          nonce as Hex,
          signature,
        ] as never,
      });
    const [token] = contractsOf(sepolia.network);
    const other = createTestClient({ mode: 'anvil', transport: http(base.rpcUrl) });
    await other.setCode({ address: sepolia.usdc, bytecode: token?.code as Hex });
    await expect(call(base)).rejects.toThrow('invalid signature');
    await expect(call(sepolia)).resolves.toMatchObject({ result: undefined });
  });
});
