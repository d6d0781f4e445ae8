import type { RedisOptions } from 'ioredis';

/** Where nodes are, and how to sign in to all of them. More than one node is a Cluster. */
export interface RedisPlace {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly options: Pick<RedisOptions, 'username' | 'password' | 'tls' | 'db'>;
}

/**
 * Reads `redis[s]://[user:password@]host[:port][/db]`, or several by comma for a Cluster; those after the first may be
 * `host:port` alone. Throws when it is none. Credentials and TLS are those of the first.
 */
export function parseRedisUrl(text: string): RedisPlace {
  const [first = '', ...rest] = text.split(',').map((part) => part.trim());
  const head = urlOf(first);
  const urls = [head, ...rest.map((part) => urlOf(part.includes('://') ? part : `${head.protocol}//${part}`))];
  const db = Number(head.pathname.slice(1) || 0);
  if (!Number.isInteger(db) || (db !== 0 && urls.length > 1)) throw new Error('REDIS_URL names no usable database');
  return {
    nodes: urls.map(({ hostname, port }) => ({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) })),
    options: {
      ...(head.username ? { username: decodeURIComponent(head.username) } : {}),
      ...(head.password ? { password: decodeURIComponent(head.password) } : {}),
      ...(head.protocol === 'rediss:' ? { tls: {} } : {}),
      ...(db === 0 ? {} : { db }),
    },
  };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    throw new Error('REDIS_URL must be redis://host:port or rediss://host:port, or several of them by comma');
  }
  return url;
}
