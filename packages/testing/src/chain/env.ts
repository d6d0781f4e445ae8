/** What a child process running a local chain is told. Without CHAIN_ID it is Base Sepolia's. */
export function chainEnv(): { port: number; chainId?: number; stateFile?: string } {
  const { CHAIN_ID } = process.env;
  return { ...anvilEnv(), ...(CHAIN_ID === undefined ? {} : { chainId: Number(CHAIN_ID) }) };
}

/** What a child process running the local Tempo is told. */
export function anvilEnv(): { port: number; stateFile?: string } {
  const { PORT, STATE_FILE } = process.env;
  if (PORT === undefined) throw new Error('PORT must be set');
  return { port: Number(PORT), ...(STATE_FILE === undefined ? {} : { stateFile: STATE_FILE }) };
}

/** What a child process running the local facilitator is told; RPC_URLS has a node for each chain, by comma. */
export function facilitatorEnv(): { port: number; rpcUrl: string[]; privateKey: `0x${string}` } {
  const { PORT, RPC_URLS, PRIVATE_KEY } = process.env;
  if (PORT === undefined || RPC_URLS === undefined) throw new Error('PORT and RPC_URLS must be set');
  if (PRIVATE_KEY === undefined || !/^0x[0-9a-f]{64}$/i.test(PRIVATE_KEY)) throw new Error('PRIVATE_KEY must be set');
  return { port: Number(PORT), rpcUrl: RPC_URLS.split(','), privateKey: PRIVATE_KEY as `0x${string}` };
}
