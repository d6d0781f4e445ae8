import { randomBytes } from 'node:crypto';
import { closeDb, createDb, type Db } from '@tollwright/db';
import { createEgress } from '@tollwright/egress';
import { type Actor, type Mail, type ServiceContext, signUp, verifyEmail } from '@tollwright/services';
import { createPostgresState, type StatePort } from '@tollwright/state';
import { StripeClients } from '@tollwright/stripe';
import { type FreshDatabase, freshDatabase } from '../postgres/fresh-database.ts';

export interface ServicesHarness {
  readonly database: FreshDatabase;
  /** As the portal runs: its own database role, under row level security. */
  readonly ctx: ServiceContext;
  /** As the worker runs. */
  readonly workerCtx: ServiceContext;
  /** As a gateway sees the directory. */
  readonly gatewayState: StatePort;
  /** The owner of the tables, for looking at what was stored. Row level security does not bind it. */
  readonly owner: Db;
  /** Mail that was sent, oldest first. */
  readonly mails: Mail[];
  readonly errors: string[];
  /** Moves the clock of the verbs. */
  advance(ms: number): void;
  /** An account with a confirmed address. */
  person(email: string): Promise<Actor & { kind: 'user' }>;
  /** The token in the newest mail to an address. */
  tokenMailedTo(email: string): string;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';

/** Opens services on a database of their own, with the real state store. Mail is kept instead of sent. */
export async function openServicesHarness(overrides: Partial<ServiceContext> = {}): Promise<ServicesHarness> {
  const database = await freshDatabase();
  const mails: Mail[] = [];
  const errors: string[] = [];
  let offsetMs = 0;
  const egress = createEgress({ allow: [] });
  const masterKeys = [{ id: 'k1', secret: randomBytes(32) }];
  const contextAs = (role: 'tollwright_portal' | 'tollwright_worker'): ServiceContext => ({
    db: createDb({ connectionString: database.urlAs(role), poolMax: 4 }),
    state: createPostgresState({ connectionString: database.urlAs(role), poolMax: 2 }),
    clock: () => Date.now() + offsetMs,
    random: (bytes) => randomBytes(bytes),
    masterKeys,
    egress,
    stripe: new StripeClients({ url: 'http://127.0.0.1:9' }),
    mailer: { send: async (mail) => void mails.push(mail) },
    publicUrls: { portalUrl: 'https://portal.example', gatewayUrl: 'https://gateway.example' },
    signup: 'open',
    onError: (what, error) => errors.push(`${what}: ${String(error)}`),
    ...overrides,
  });
  const ctx = contextAs('tollwright_portal');
  const workerCtx = contextAs('tollwright_worker');
  const gatewayState = createPostgresState({ connectionString: database.urlAs('tollwright_gateway'), poolMax: 1 });
  const owner = createDb({ connectionString: database.url, poolMax: 2 });
  const tokenMailedTo = (email: string): string => {
    const mail = mails.findLast((candidate) => candidate.to === email);
    const token = /[?&]token=([A-Za-z0-9_-]+)/.exec(mail?.text ?? '')?.[1];
    if (token === undefined) throw new Error(`no token was mailed to ${email}`);
    return token;
  };
  return {
    database,
    ctx,
    workerCtx,
    gatewayState,
    owner,
    mails,
    errors,
    advance: (ms) => {
      offsetMs += ms;
    },
    async person(email) {
      await signUp(ctx, { email, password: PASSWORD, name: email });
      const { userId } = await verifyEmail(ctx, { token: tokenMailedTo(email) });
      return { kind: 'user', userId };
    },
    tokenMailedTo,
    async close() {
      await Promise.all([closeDb(ctx.db), closeDb(workerCtx.db), closeDb(owner), ctx.state.close()]);
      await Promise.all([workerCtx.state.close(), gatewayState.close(), egress.close()]);
      await database.drop();
    },
  };
}
