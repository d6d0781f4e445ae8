import { chainEnv } from './env.ts';
import { runChain } from './run-chain.ts';

const chain = await runChain(chainEnv());
process.stdout.write(`chain ${chain.rpcUrl}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void chain.close().then(() => process.exit(0)));
}
