import { facilitatorEnv } from './env.ts';
import { startFacilitator } from './facilitator.ts';

const facilitator = await startFacilitator(facilitatorEnv());
process.stdout.write(`facilitator ${facilitator.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void facilitator.close().then(() => process.exit(0)));
}
