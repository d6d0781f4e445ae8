import { join } from 'node:path';
import { repositoryRoot } from '../postgres/migrate.ts';
import { Crew } from './crew.ts';
import { openHome } from './home.ts';
import { freePort } from './ports.ts';
import { keepPostgres } from './postgres-keeper.ts';
import { endLeftovers, saveRun } from './run-file.ts';

// A launcher with two children that only sleep, so that a test can kill it. Prints one JSON line when all run.
const home = openHome(process.argv[2] ?? '');
const ended = await endLeftovers(home, repositoryRoot);
const say = (line: string) => process.stderr.write(`${line}\n`);
const crew = new Crew({ say, changed: () => saveRun(home, crew.identities()) });
crew.adopt(await keepPostgres(home, await freePort(), { say, changed: () => undefined }));
for (const name of ['one', 'two']) {
  await crew.startApp({
    name,
    command: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1000)'],
    cwd: home.dir,
    env: {},
    url: null,
    logFile: join(home.logsDir, `${name}.log`),
    ready: async () => undefined,
  });
}
process.once('SIGTERM', () => void crew.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ ended, processes: crew.processes() })}\n`);
