import { chainNodeUrls } from '@tollwright/contracts';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);

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
  CHAIN_RPC_URLS: chainNodeUrls,
  /** A channel whose vouchers are worth so many dollars more than what its chain has paid out is settled. */
  SESSION_SETTLE_USD: z.coerce.number().min(0).max(1_000_000).default(1),
  /** As gateways have them: what comes to half of them is settled whatever it is worth, so that callers need not wait. */
  SESSION_UNSETTLED_MAX_USD: z.coerce.number().int().min(1).max(1_000_000).default(10),
  SESSION_UNSETTLED_PAYER_MAX_USD: z.coerce.number().int().min(1).max(1_000_000).default(40),
  /** Vouchers that wait so long are settled, whatever they are worth. */
  SESSION_SETTLE_SECONDS: z.coerce.number().int().min(1).default(3_600),
  /** A channel that nobody used so long is closed, and its payer has the rest of the deposit back. */
  SESSION_IDLE_SECONDS: z.coerce.number().int().min(1).default(86_400),
  /** Where Stripe's API is; its own unless set. */
  STRIPE_API_URL: z.url().optional(),
  /** A facilitator of its own, for gateways that want no other: the file of the key that pays its gas, as hexadecimal digits. */
  FACILITATOR_KEY_FILE: z.string().min(1).optional(),
  /** What its callers show. */
  FACILITATOR_TOKEN: z.string().min(24).optional(),
  /** Where it settles, of CHAIN_RPC_URLS, by comma. */
  FACILITATOR_NETWORKS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  FACILITATOR_HOST: z.string().default('127.0.0.1'),
  FACILITATOR_PORT: port.default(8791),
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

/** When vouchers of payment channels are settled. */
export function channelRules(env: WorkerEnv) {
  const nanoUsd = (usd: number) => BigInt(Math.round(usd * 1_000_000)) * 1_000n;
  return {
    settleNanoUsd: nanoUsd(Math.min(env.SESSION_SETTLE_USD, env.SESSION_UNSETTLED_MAX_USD / 2)),
    settleOfPayerNanoUsd: nanoUsd(env.SESSION_UNSETTLED_PAYER_MAX_USD / 2),
    settleAfterMs: env.SESSION_SETTLE_SECONDS * 1_000,
    idleAfterMs: env.SESSION_IDLE_SECONDS * 1_000,
  };
}
