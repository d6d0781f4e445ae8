import { benchGateway } from './bench-gateway.ts';
import { benchMemory } from './bench-memory.ts';
import { benchPayments } from './bench-payments.ts';
import { benchUsage } from './bench-usage.ts';
import { Ends } from './ends.ts';

const BENCHMARKS: Record<string, (ends: Ends, ...rest: string[]) => Promise<void>> = {
  gateway: benchGateway,
  memory: benchMemory,
  payments: benchPayments,
  usage: benchUsage,
};

const [name = 'gateway', ...rest] = process.argv.slice(2);
const benchmark = BENCHMARKS[name];
if (benchmark === undefined || rest.length > (name === 'usage' ? 1 : 0)) {
  process.stderr.write('usage: npm run bench -- gateway | memory | payments | usage [events]\n');
  process.exit(2);
}

const ends = new Ends();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void ends.run().finally(() => process.exit(1)));
}
try {
  await benchmark(ends, ...rest);
} finally {
  await ends.run();
}
