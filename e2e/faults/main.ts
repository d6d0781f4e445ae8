import { parseArgs } from 'node:util';
import { withProduct } from '../../tools/product.mjs';
import { gatewayKill } from './gateway-kill.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '10' } },
});
const rounds = Number(values.rounds);
const [name = 'gateway-kill'] = positionals;
if (name !== 'gateway-kill' || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write('usage: npm run test:faults -- gateway-kill [--rounds 10]\n');
  process.exit(2);
}

await withProduct(async (home: string) => {
  const figures = await gatewayKill(home, rounds);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  const holds =
    figures.completed === figures.eventsInPostgres &&
    figures.duplicates === 0 &&
    figures.forwardedWithoutEvent === 0 &&
    figures.holdsLeft === 0 &&
    figures.completed > 0 &&
    figures.kills === rounds;
  if (!holds) process.exitCode = 1;
});
