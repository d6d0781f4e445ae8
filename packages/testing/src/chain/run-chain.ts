import { freePort } from '../local/ports.ts';
import { runAnvil } from './anvil-process.ts';
import { placeContracts } from './contracts/place.ts';
import { BASE_SEPOLIA, type LocalNetwork, localNetwork } from './network.ts';
import { rpcAt } from './rpc.ts';

/** What to start. Port 0 takes a free one; `chainId` is Base Sepolia's unless given; `stateFile` keeps balances. */
export interface ChainOptions {
  readonly port: number;
  readonly chainId?: number;
  readonly stateFile?: string;
}

/** A chain that runs, without any client of it: what the process of local mode needs, which so stays small. */
export interface RunningChain {
  readonly rpcUrl: string;
  readonly port: number;
  readonly network: LocalNetwork;
  close(): Promise<void>;
}

/** Starts anvil on 127.0.0.1 and puts token, Permit2 and x402's proxies there. Throws for an id of no known network. */
export async function runChain(options: ChainOptions): Promise<RunningChain> {
  const network = localNetwork(options.chainId ?? BASE_SEPOLIA.chainId);
  const port = options.port === 0 ? await freePort() : options.port;
  const anvil = await runAnvil({ ...options, port, chainId: network.chainId });
  const rpcUrl = `http://127.0.0.1:${port}`;
  try {
    await placeContracts(rpcAt(rpcUrl), network);
  } catch (error) {
    await anvil.stop();
    throw error;
  }
  return { rpcUrl, port, network, close: () => anvil.stop() };
}
