import { openState } from '@tollwright/state';
import { workerEnv } from './env.ts';

const USAGE = `usage: npm run epoch -- status
       npm run epoch -- raise [reason]
       npm run epoch -- close <spool>`;

const env = workerEnv();
const state = openState({ redisUrl: env.REDIS_URL, databaseUrl: env.STATE_DATABASE_URL ?? env.DATABASE_URL });
try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} finally {
  await state.close();
}

async function run([verb, ...rest]: readonly string[]): Promise<string> {
  const now = await state.epochs.survey();
  switch (verb) {
    case 'status':
      return status();
    case 'raise': {
      await state.epochs.raise(now.epoch, rest.join(' ') || 'raised by an operator');
      return status();
    }
    case 'close': {
      if (rest[0] === undefined) throw new Error(USAGE);
      await state.spools.close(rest[0]);
      return status();
    }
    default:
      throw new Error(USAGE);
  }
}

async function status(): Promise<string> {
  const { epoch, kind, reason, sinceMs } = await state.epochs.survey();
  const rejoined = new Set((await state.epochs.reports(epoch)).map((report) => report.spoolId));
  const gateways = (await state.spools.list()).filter((spool) => spool.closedAtMs === null);
  const lines = gateways.map(({ spoolId, host, url }) => {
    const place = `${spoolId} on ${host}, ${url}`;
    return kind === 'closed' ? `  ${rejoined.has(spoolId) ? 'rejoined' : 'awaited '} ${place}` : `  ${place}`;
  });
  return [`epoch ${epoch} is ${kind} since ${new Date(sinceMs).toISOString()}: ${reason}`, ...lines].join('\n');
}
