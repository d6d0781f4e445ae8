import { isUnchanged, openServices, rebuildRollups, type TableFigures } from '@tollwright/services';
import { workerEnv } from './env.ts';
import { servicesConfig } from './services-config.ts';

const services = openServices(
  servicesConfig(workerEnv(), (what, error) => process.stderr.write(`${what}: ${String(error)}\n`)),
);
try {
  const rebuilt = await rebuildRollups(services.ctx);
  process.stdout.write(`usage_event  ${rebuilt.events} events\n`);
  for (const [index, before] of rebuilt.before.entries()) {
    process.stdout.write(`${before.table}\n${linesOf(before, rebuilt.after[index])}`);
  }
  const unchanged = isUnchanged(rebuilt);
  process.stdout.write(unchanged ? 'every figure is the same\n' : 'FIGURES DIFFER\n');
  process.exitCode = unchanged ? 0 : 1;
} finally {
  await services.close();
}

function linesOf(before: TableFigures, after: TableFigures | undefined): string {
  return Object.entries(before.figures)
    .map(([name, value]) => {
      const now = after?.figures[name];
      const verdict = now === value ? 'same' : 'DIFFERS';
      return `  ${name.padEnd(20)} before ${String(value).padStart(24)}  after ${String(now).padStart(24)}  ${verdict}\n`;
    })
    .join('');
}
