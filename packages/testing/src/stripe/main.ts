import { stripeDoubleEnv } from './env.ts';
import { startStripeDouble } from './stripe-double.ts';

const double = await startStripeDouble(stripeDoubleEnv());
process.stdout.write(`stripe double ${double.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void double.close().then(() => process.exit(0)));
}
