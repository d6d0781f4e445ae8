import { createHash } from 'node:crypto';
import { Cluster, Redis } from 'ioredis';
import { StateRejected, StateUnavailable, StateUnsafe } from '../port.ts';
import { parseRedisUrl } from './redis-url.ts';
import { type Prelude, productPrelude, type Script } from './script.ts';
import { unsafeSettings } from './unsafe-settings.ts';

/** Where the store is: `redis[s]://[user:password@]host[:port]`, or the nodes of a Cluster by comma. */
export interface RedisStateOptions {
  readonly url: string;
  /** After this long a call rejects with StateUnavailable. Default 5000. */
  readonly timeoutMs?: number;
}

type Argument = string | number | Buffer;

/** Runs scripts and commands. Both reject with StateRejected or StateUnavailable. Nothing is ever sent twice by itself. */
export interface RedisConnection {
  /** One atomic step on keys of one hash tag. */
  run<T>(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<T>;
  command<T>(name: string, key: string, ...args: readonly Argument[]): Promise<T>;
  /** All fields of a hash with their values, in no order. */
  hash(key: string): Promise<(readonly [field: string, value: string])[]>;
  /** Rejects with StateUnsafe when a node is not set as the store must be. */
  verify(): Promise<void>;
  /** A connection of its own that listens. */
  listener(): Redis | Cluster;
  close(): Promise<void>;
}

/** Opens what connects on first use. `prelude` is another one in tests only, which own the clock and the identity. */
export function openRedisConnection(
  { url, timeoutMs = 5000 }: RedisStateOptions,
  prelude: Prelude = productPrelude,
): RedisConnection {
  const client = openClient(url);
  let verified: Promise<void> | null = null;
  const forget = () => {
    verified = null;
  };
  client.on('close', forget);
  client.on('+node', forget);
  const digests = new Map<string, string>();

  const within = async <T>(work: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new StateUnavailable('the store did not answer in time')), timeoutMs);
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      throw toStateError(error);
    } finally {
      clearTimeout(timer);
    }
  };
  const evaluate = async (script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown> => {
    const text = `${prelude.lua}\n${script.lua}`;
    let digest = digests.get(text);
    if (digest === undefined) {
      digest = createHash('sha1').update(text).digest('hex');
      digests.set(text, digest);
    }
    try {
      return await client.evalsha(digest, keys.length, ...keys, ...args);
    } catch (error) {
      // Nothing was run: the node has not seen this script yet.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(text, keys.length, ...keys, ...args);
    }
  };
  const verify = () => {
    verified ??= within(unsafeSettings(client, evaluate)).then((problem) => {
      if (problem !== null) throw new StateUnsafe(problem);
    });
    const current = verified;
    current.catch(() => verified === current && forget());
    return current;
  };
  return {
    async run<T>(script: Script, keys: readonly string[], args: readonly Argument[]) {
      await (verified ?? verify());
      return (await within(evaluate(script, keys, args))) as T;
    },
    async command<T>(name: string, key: string, ...args: readonly Argument[]) {
      await (verified ?? verify());
      return (await within(client.call(name, key, ...args))) as T;
    },
    async hash(key: string) {
      await (verified ?? verify());
      return Object.entries(await within(client.hgetall(key)));
    },
    verify,
    listener: () => openClient(url),
    close: async () => client.disconnect(),
  };
}

function openClient(url: string): Redis | Cluster {
  const { nodes, options } = parseRedisUrl(url);
  const retryStrategy = (times: number) => Math.min(50 * times, 500);
  const common = {
    ...options,
    connectionName: 'tollwright-state',
    lazyConnect: true,
    // A command that may have been applied is the caller's to send again, under its number.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  } as const;
  const client =
    nodes.length > 1
      ? new Cluster([...nodes], {
          ...{ redisOptions: common, lazyConnect: true, retryDelayOnFailover: 0 },
          clusterRetryStrategy: retryStrategy,
        })
      : new Redis({ ...common, ...nodes[0], retryStrategy });
  // Commands report what they meet; without a listener a broken connection would end the process.
  client.on('error', () => undefined);
  return client;
}

/** Our own refusals leave nothing changed; after anything else nobody knows. */
function toStateError(error: unknown): Error {
  if (error instanceof StateUnavailable) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [, refusal] = /^REJECTED (.*)$/s.exec(message) ?? [];
  if (refusal !== undefined) return new StateRejected(refusal);
  return new StateUnavailable(message, { cause: error });
}
