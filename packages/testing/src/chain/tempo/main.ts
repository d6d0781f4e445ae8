import { anvilEnv } from '../env.ts';
import { runTempo } from './run-tempo.ts';

const tempo = await runTempo(anvilEnv());
process.stdout.write(`tempo ${tempo.rpcUrl}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void tempo.close().then(() => process.exit(0)));
}
