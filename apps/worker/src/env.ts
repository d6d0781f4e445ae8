import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);

/** `eip155:84532=http://127.0.0.1:8545,...` as network -> RPC address. */
const rpcUrls = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((part) => part.trim() !== ''))
  .transform((parts, context) => {
    const urls = new Map<string, string>();
    for (const part of parts) {
      const [, network, url] = /^\s*(eip155:\d{1,12})=(https?:\/\/\S+)\s*$/.exec(part) ?? [];
      if (network === undefined || url === undefined) {
        context.addIssue({ code: 'custom', message: `${part} is not network=address` });
        return z.NEVER;
      }
      urls.set(network, url);
    }
    return urls as ReadonlyMap<string, string>;
  });

const schema = z.object({
  /** Control-plane tables, as the worker's role. */
  DATABASE_URL: z.url(),
  /** The state port's Postgres. Default DATABASE_URL. Unused with REDIS_URL. */
  STATE_DATABASE_URL: z.url().optional(),
  /** The queue's Postgres, as a role that owns the schema `bullmq`. Default DATABASE_URL. Unused with REDIS_URL. */
  QUEUE_DATABASE_URL: z.url().optional(),
  /** The state store and the queue on Redis: `redis://host:port`, or the nodes of a Cluster by comma. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional(),
  CHAIN_RPC_URLS: rpcUrls,
  PORTAL_PUBLIC_URL: z.url(),
  GATEWAY_PUBLIC_URL: z.url(),
  TOLLWRIGHT_MASTER_KEY_FILE: z.string().min(1),
  /** A folder for mail as files, instead of SMTP_URL. */
  TOLLWRIGHT_MAIL_DIR: z.string().min(1).optional(),
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('Tollwright <no-reply@tollwright.local>'),
  TOLLWRIGHT_EGRESS_ALLOW: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((part) => part !== '')),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8790),
  /** `/metrics` on a port of its own too, as gateways have it; unset: on PORT alone. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: port.optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

export type WorkerEnv = z.output<typeof schema>;

/** Reads the worker's environment; an empty variable is one that is not set. Throws with every variable that is wrong. */
export function workerEnv(env: NodeJS.ProcessEnv = process.env): WorkerEnv {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The worker's environment is not usable:\n${lines.join('\n')}`);
}
