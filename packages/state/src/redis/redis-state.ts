import type { StatePort } from '../port.ts';
import { redisAccesses } from './accesses.ts';
import { redisAnswers } from './answers.ts';
import { redisChannels } from './channels.ts';
import { redisClaims } from './claims.ts';
import { openRedisConnection, type RedisStateOptions } from './connection.ts';
import { redisCounters } from './counters.ts';
import { redisDirectory } from './directory.ts';
import { redisEpochs } from './epochs.ts';
import { redisInbox } from './inbox.ts';
import { epochKeys } from './keys.ts';
import { purgeRedis } from './purge.ts';
import { nowScript, type Prelude } from './script.ts';
import { redisSpools } from './spools.ts';
import { redisTraces } from './traces.ts';
import { redisVolumes } from './volumes.ts';
import { openWake } from './wake.ts';

/** The state port on Redis 7, one node or a Cluster. Connects on first use. Throws when the address is none. */
export function createRedisState(options: RedisStateOptions, prelude?: Prelude): StatePort {
  const connection = openRedisConnection(options, prelude);
  const wake = openWake(connection);
  const epochs = redisEpochs(connection);
  return {
    counters: redisCounters(connection),
    spools: redisSpools(connection),
    claims: redisClaims(connection),
    channels: redisChannels(connection),
    accesses: redisAccesses(connection),
    volumes: redisVolumes(connection),
    answers: redisAnswers(connection),
    epochs,
    directory: redisDirectory(connection, wake, epochs),
    inbox: redisInbox(connection),
    traces: redisTraces(connection),
    verify: () => connection.verify(),
    nowMs: async () => Number(await connection.run(nowScript, [epochKeys.mark], [])),
    ping: () =>
      connection.command('EXISTS', 'tw:{probe}').then(
        () => true,
        () => false,
      ),
    purge: () => purgeRedis(connection, Date.now()),
    async close() {
      wake.close();
      await connection.close();
    },
  };
}
