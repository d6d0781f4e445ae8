import { upstreamEnv } from './env.ts';
import { startUpstream } from './upstream.ts';

const upstream = await startUpstream(upstreamEnv());
process.stdout.write(`upstream ${upstream.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void upstream.close().then(() => process.exit(0)));
}
