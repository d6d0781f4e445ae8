import { chainNodeUrls } from '@tollwright/contracts';
import { z } from 'zod';

const url = z.url().transform((text) => text.replace(/\/+$/, ''));
const items = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

const fields = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
  /** The state store on PostgreSQL. Unused with REDIS_URL. */
  STATE_DATABASE_URL: z.string().min(1).optional(),
  /** The state store on Redis: `redis://host:port`, or the nodes of a Cluster by comma. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional(),
  SPOOL_DIR: z.string().min(1),
  SNAPSHOT_DIR: z.string().min(1),
  /** What callers see before `/{provider}/{api}`. */
  GATEWAY_PUBLIC_URL: url,
  /** Where problem pages are: `<url>/problems/<slug>`. */
  PORTAL_PUBLIC_URL: url,
  TOLLWRIGHT_MASTER_KEY_FILE: z.string().min(1),
  /** Where payments on chains are verified and settled, joined by commas, the preferred first; without one none are offered. */
  FACILITATOR_URL: items.pipe(z.array(url).max(8)),
  /** Nodes that say whether a payer who is a contract has signed; without one facilitators say it. */
  CHAIN_RPC_URLS: chainNodeUrls,
  /** How many dollars of one payment channel may wait to be settled on its chain; beyond, its calls wait. */
  SESSION_UNSETTLED_MAX_USD: z.coerce.number().int().min(1).max(1_000_000).default(10),
  /** The same of all channels of a payer with one provider. */
  SESSION_UNSETTLED_PAYER_MAX_USD: z.coerce.number().int().min(1).max(1_000_000).default(40),
  /** Where Stripe's API is; its own unless set. */
  STRIPE_API_URL: url.optional(),
  /** Loopback `host:port` pairs that upstreams and facilitators may have, joined by commas. */
  TOLLWRIGHT_EGRESS_ALLOW: items,
  /** Which HTTP/1.1 client calls upstreams. */
  UPSTREAM_CLIENT: z.enum(['own', 'undici']).default('own'),
  /** Proxies before this gateway that append to X-Forwarded-For and are believed; 0 believes the socket alone. */
  TOLLWRIGHT_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(8).default(0),
  /** The share of granted calls whose decisions are traced, 0 to 1. Refused calls always are. */
  TOLLWRIGHT_TRACE_SAMPLE: z.coerce.number().min(0).max(1).default(0),
  /** Of how many keys a process remembers who they are; the others are read from the state store again. About 1 KB each. */
  TOLLWRIGHT_KEYS_CACHED_MAX: z.coerce.number().int().min(100).max(1_000_000).default(10_000),
  /** How long it still listens, and says that it is draining, after it was told to stop. */
  TOLLWRIGHT_DRAIN_NOTICE_MS: z.coerce.number().int().min(0).max(60_000).default(1_000),
  /** Where Prometheus scrapes `/metrics`; nowhere when unset. For the operator's network only. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Where spans go, by OTLP over HTTP: `<url>/v1/traces`. Unset: none are made. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default('tollwright-gateway'),
  TOLLWRIGHT_GATEWAY_NAME: z.string().min(1).max(64).default('gateway'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

const schema = fields.refine((env) => env.STATE_DATABASE_URL !== undefined || env.REDIS_URL !== undefined, {
  path: ['STATE_DATABASE_URL'],
  error: 'STATE_DATABASE_URL or REDIS_URL must be set',
});

export type Env = z.output<typeof schema>;

/** Reads the environment; an empty variable is one that is not set. Throws an error that names every variable that is wrong. */
export function readEnv(env: NodeJS.ProcessEnv = process.env): Env {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success)
    throw new Error(`the environment of the gateway is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
