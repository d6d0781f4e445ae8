import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@tollwright/testing';
import { createPublicClient, createTestClient, type Hex, http } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';

const GAS_WEI = 10n ** 20n;

/** What a worker needs to be a facilitator, with a key of its own that nobody else sends with. */
export interface OwnFacilitator {
  /** Where every worker of the stage listens, one after the other. */
  readonly port: number;
  /** What gateways show, as the beginning of an address. */
  readonly login: string;
  readonly workerEnv: Readonly<Record<string, string>>;
  readonly sender: Hex;
  /** How many transactions of the key blocks have, and how many with those that nodes keep. */
  countSent(): Promise<{ readonly mined: number; readonly pending: number }>;
  close(): void;
}

export async function openOwnFacilitator(rpcUrl: string, network: string): Promise<OwnFacilitator> {
  const privateKey = generatePrivateKey();
  const { address } = privateKeyToAccount(privateKey);
  const transport = http(rpcUrl);
  await createTestClient({ mode: 'anvil', transport }).setBalance({ address, value: GAS_WEI });
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-facilitator-'));
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  const port = await freePort();
  const token = randomBytes(18).toString('hex');
  const client = createPublicClient({ transport });
  return {
    ...{ port, login: `:${token}@`, sender: address },
    workerEnv: {
      ...{ FACILITATOR_KEY_FILE: keyFile, FACILITATOR_TOKEN: token, FACILITATOR_NETWORKS: network },
      FACILITATOR_PORT: String(port),
    },
    async countSent() {
      const [mined, pending] = await Promise.all([
        client.getTransactionCount({ address, blockTag: 'latest' }),
        client.getTransactionCount({ address, blockTag: 'pending' }),
      ]);
      return { mined, pending };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
