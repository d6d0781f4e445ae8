import { benchGateway } from './bench-gateway.ts';
import { Ends } from './ends.ts';

const [name = 'gateway', ...rest] = process.argv.slice(2);
if (name !== 'gateway' || rest.length > 0) {
  process.stderr.write('usage: npm run bench -- gateway\n');
  process.exit(2);
}

const ends = new Ends();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void ends.run().finally(() => process.exit(1)));
}
try {
  await benchGateway(ends);
} finally {
  await ends.run();
}
