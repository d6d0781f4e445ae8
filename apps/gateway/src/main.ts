import { setFlagsFromString } from 'node:v8';
import { readEnv } from './env.ts';
import { startGateway } from './start-gateway.ts';

// V8 lets a small heap treble before it collects it; half more keeps a gateway's memory flat.
setFlagsFromString('--heap-growing-percent=50');

const gateway = await startGateway(readEnv(), () => process.exit(70));
process.stdout.write(`gateway listening on port ${gateway.port}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void gateway.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
