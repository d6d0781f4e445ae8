import { z } from 'zod';

const schema = z.object({
  DATABASE_URL: z.url(),
  /** The state port's Postgres. Default DATABASE_URL. Unused with REDIS_URL. */
  STATE_DATABASE_URL: z.url().optional(),
  /** The state store on Redis: `redis://host:port`, or the nodes of a Cluster by comma. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional(),
  NEXTAUTH_SECRET: z.string().min(32),
  PORTAL_PUBLIC_URL: z.url().transform(withoutSlash),
  GATEWAY_PUBLIC_URL: z.url().transform(withoutSlash),
  /** Further host names that the portal answers to, such as a consumer portal's own: `host[:port]`, comma-separated. */
  TOLLWRIGHT_PORTAL_HOSTS: list(),
  TOLLWRIGHT_MASTER_KEY_FILE: z.string().min(1),
  TOLLWRIGHT_SIGNUP: z.enum(['open', 'invite', 'closed']).default('invite'),
  TOLLWRIGHT_EGRESS_ALLOW: list(),
  /** Where Stripe's API is; its own unless set. */
  STRIPE_API_URL: z.url().optional(),
  TOLLWRIGHT_MAIL_DIR: z.string().min(1).optional(),
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('Tollwright <no-reply@tollwright.local>'),
});

export type PortalEnv = z.output<typeof schema>;

let read: PortalEnv | undefined;

/** The portal's environment, read once at the first request. Empty is not set. Throws with every variable that is wrong. */
export function portalEnv(): PortalEnv {
  if (read) return read;
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The portal's environment is not usable:\n${lines.join('\n')}`);
  }
  read = parsed.data;
  return read;
}

function list() {
  return z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((part) => part !== ''));
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
