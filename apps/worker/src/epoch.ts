import { openServices, writeOffSpool } from '@tollwright/services';
import { openState } from '@tollwright/state';
import { workerEnv } from './env.ts';
import { servicesConfig } from './services-config.ts';

const USAGE = `usage: npm run epoch -- status
       npm run epoch -- raise [reason]
       npm run epoch -- close <spool> [--lost]`;

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
      const [spoolId, how] = rest;
      if (spoolId === undefined || (how !== undefined && how !== '--lost')) throw new Error(USAGE);
      if (how === '--lost') return `${await writeOff(spoolId)}\n${await status()}`;
      await state.spools.close(spoolId);
      return status();
    }
    default:
      throw new Error(USAGE);
  }
}

/** What it held counts as spent. */
async function writeOff(spoolId: string): Promise<string> {
  const services = openServices(servicesConfig(env, (what, error) => process.stderr.write(`${what}: ${error}\n`)));
  try {
    const { kind, settled, writtenOff, customers } = await writeOffSpool(services.ctx, spoolId);
    const rest = kind === 'closed' ? 'closed' : 'not awaited any more; close it again once the epoch is open';
    return `${spoolId}: ${settled} holds settled by their events, ${writtenOff} of ${customers} customers written off, ${rest}`;
  } finally {
    await services.close();
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
