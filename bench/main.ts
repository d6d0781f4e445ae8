import { benchGateway } from './bench-gateway.ts';
import { benchMemory } from './bench-memory.ts';
import { benchPayments } from './bench-payments.ts';
import { Ends } from './ends.ts';

const BENCHMARKS: Record<string, (ends: Ends) => Promise<void>> = {
  gateway: benchGateway,
  memory: benchMemory,
  payments: benchPayments,
};

const [name = 'gateway', ...rest] = process.argv.slice(2);
const benchmark = BENCHMARKS[name];
if (benchmark === undefined || rest.length > 0) {
  process.stderr.write('usage: npm run bench -- gateway | memory | payments\n');
  process.exit(2);
}

const ends = new Ends();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void ends.run().finally(() => process.exit(1)));
}
try {
  await benchmark(ends);
} finally {
  await ends.run();
}
