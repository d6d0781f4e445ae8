import { startChain } from './chain.ts';
import { chainEnv } from './env.ts';

const chain = await startChain(chainEnv());
process.stdout.write(`chain ${chain.rpcUrl}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void chain.close().then(() => process.exit(0)));
}
