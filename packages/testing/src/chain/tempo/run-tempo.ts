import { freePort } from '../../local/ports.ts';
import { runAnvil } from '../anvil-process.ts';
import { codeOf } from '../contracts/place.ts';
import { rpcAt } from '../rpc.ts';
import { CHANNEL_RESERVE_ADDRESS } from './channel-reserve.ts';
import { startRpcShim } from './rpc-shim.ts';

/** The id of Tempo's testnet, so that clients know the chain. */
export const TEMPO_CHAIN_ID = 42_431;

/** pathUSD, the dollar of Tempo that fees are paid in by default; six decimals. */
export const PATH_USD_ADDRESS = '0x20c0000000000000000000000000000000000000';

/** A Tempo that runs, without any client of it: what the process of local mode needs, which so stays small. */
export interface RunningTempo {
  readonly rpcUrl: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts anvil's Tempo on 127.0.0.1 with a channel reserve. Port 0 takes a free one; `stateFile` keeps it over restarts. */
export async function runTempo(options: { port: number; stateFile?: string }): Promise<RunningTempo> {
  const anvilPort = await freePort();
  const anvil = await runAnvil({ ...options, port: anvilPort, chainId: TEMPO_CHAIN_ID, tempo: true });
  try {
    const anvilUrl = `http://127.0.0.1:${anvilPort}`;
    await rpcAt(anvilUrl)('anvil_setCode', [CHANNEL_RESERVE_ADDRESS, codeOf('ChannelReserve')]);
    const shim = await startRpcShim(options.port, anvilUrl);
    const close = async () => {
      await shim.close();
      await anvil.stop();
    };
    return { rpcUrl: `http://127.0.0.1:${shim.port}`, port: shim.port, close };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}
