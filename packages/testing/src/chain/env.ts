/** What a child process running the local chain is told. */
export function chainEnv(): { port: number; stateFile?: string } {
  const { PORT, STATE_FILE } = process.env;
  if (PORT === undefined) throw new Error('PORT must be set');
  return { port: Number(PORT), ...(STATE_FILE === undefined ? {} : { stateFile: STATE_FILE }) };
}

/** What a child process running the local facilitator is told. */
export function facilitatorEnv(): { port: number; rpcUrl: string; privateKey: `0x${string}` } {
  const { PORT, RPC_URL, PRIVATE_KEY } = process.env;
  if (PORT === undefined || RPC_URL === undefined) throw new Error('PORT and RPC_URL must be set');
  if (PRIVATE_KEY === undefined || !/^0x[0-9a-f]{64}$/i.test(PRIVATE_KEY)) throw new Error('PRIVATE_KEY must be set');
  return { port: Number(PORT), rpcUrl: RPC_URL, privateKey: PRIVATE_KEY as `0x${string}` };
}
