import { launcherEnv } from './env.ts';
import { Launch } from './launch.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
let stopping: Promise<void> | null = null;

function stop(launch: Launch, exitCode: number): Promise<void> {
  stopping ??= launch
    .stop()
    .catch((error: unknown) => say(String(error)))
    .then(() => process.exit(exitCode));
  return stopping;
}

async function main(): Promise<void> {
  const launch = new Launch(launcherEnv(), say);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stopping) say('\nStopping');
      void stop(launch, 0);
    });
  }
  try {
    await launch.start();
  } catch (error) {
    if (!stopping) say(`\n${error instanceof Error ? error.message : String(error)}`);
    await stop(launch, 1);
  }
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
