import { readFileSync } from 'node:fs';
import {
  type AskNode,
  type BroadcastBook,
  Facilitator,
  type FacilitatorServer,
  type GasLeft,
  startFacilitatorServer,
} from '@tollwright/facilitator';
import type { Family } from '@tollwright/metrics';
import { callNode } from '@tollwright/payments';
import { broadcastBook, type ServiceContext } from '@tollwright/services';
import { egressToNodes } from './desks-of.ts';
import type { WorkerEnv } from './env.ts';
import type { QueueSpec } from './queue.ts';

/** The facilitator of this installation. */
export interface OwnFacilitator {
  readonly server: FacilitatorServer;
  readonly queue: QueueSpec;
  families(): Family[];
}

/** Below this an operator has to send gas soon. */
const SETTLEMENTS_LOW = 100n;

/** Starts the facilitator that the environment asks for; null without a key. Throws where it is asked for by halves. */
export async function startOwnFacilitator(env: WorkerEnv, ctx: ServiceContext): Promise<OwnFacilitator | null> {
  const { FACILITATOR_KEY_FILE: keyFile, FACILITATOR_TOKEN: token, FACILITATOR_HOST: host } = env;
  if (keyFile === undefined) return null;
  if (token === undefined) throw new Error('FACILITATOR_KEY_FILE is set, and FACILITATOR_TOKEN is not');
  const book: BroadcastBook = broadcastBook(ctx);
  const facilitator = new Facilitator({ chains: chainsOf(env), privateKey: keyIn(keyFile), book });
  let gas = await facilitator.watchGas();
  let told = '';
  const watch = async () => {
    gas = await facilitator.watchGas();
    const low = gas.filter(({ settlements }) => settlements < SETTLEMENTS_LOW);
    const news = low.map(({ network }) => network).join(' ');
    if (news === told) return null;
    told = news;
    for (const one of low) ctx.onError('gas', new Error(lowGas(facilitator, one)));
    return { low: news };
  };
  const carryOn = async () => {
    let waiting = 0;
    for (const [network, count] of await facilitator.carryOn(ctx.clock())) {
      if (count instanceof Error) ctx.onError(`broadcasts on ${network}`, count);
      else waiting += count;
    }
    return waiting === 0 ? null : { waiting };
  };
  const onError = (what: string, error: unknown) => ctx.onError(`facilitator: ${what}`, error);
  return {
    server: await startFacilitatorServer(facilitator, { host, port: env.FACILITATOR_PORT, token, onError }),
    queue: {
      ...{ name: 'facilitator', concurrency: 1 },
      jobs: [
        { name: 'carry-on', everyMs: 3_000, run: carryOn },
        { name: 'watch-gas', everyMs: 60_000, run: watch },
      ],
    },
    families: () => [gasFamily(gas)],
  };
}

function chainsOf(env: WorkerEnv) {
  const { FACILITATOR_NETWORKS: networks, CHAIN_RPC_URLS: rpcUrls } = env;
  if (networks.length === 0) throw new Error('FACILITATOR_KEY_FILE is set, and FACILITATOR_NETWORKS is not');
  const { fetch } = egressToNodes(env);
  return networks.map((network) => {
    const rpcUrl = rpcUrls.get(network);
    if (rpcUrl === undefined) throw new Error(`FACILITATOR_NETWORKS has ${network}, and CHAIN_RPC_URLS no node for it`);
    const ask: AskNode = (method, params) => callNode({ rpcUrl, fetch }, method, params);
    return { network, chainId: Number(network.slice('eip155:'.length)), ask };
  });
}

function keyIn(file: string): `0x${string}` {
  const [, digits] = /^\s*(?:0x)?([0-9a-f]{64})\s*$/i.exec(readFileSync(file, 'utf8')) ?? [];
  if (digits === undefined) throw new Error(`${file} is no private key of 64 hexadecimal digits`);
  return `0x${digits}`;
}

function lowGas({ address }: Facilitator, { network, settlements }: GasLeft): string {
  return `${address} can pay for ${settlements} more settlements on ${network}: send it gas`;
}

function gasFamily(gas: readonly GasLeft[]): Family {
  return {
    ...{ name: 'tollwright_facilitator_settlements_left', type: 'gauge' },
    help: "How many more settlements the facilitator's gas pays for, at today's price.",
    samples: gas.map(({ network, settlements }) => ({ labels: { network }, value: Number(settlements) })),
  };
}
