import type { MasterKey } from '@tollwright/contracts/sealed-secret';
import type { Db } from '@tollwright/db';
import type { Egress } from '@tollwright/egress';
import type { StatePort } from '@tollwright/state';
import type { StripeClients } from '@tollwright/stripe';
import type { Mailer } from './mail/mailer.ts';

/** Everything that verbs need from the process they run in. Each app builds one. */
export interface ServiceContext {
  readonly db: Db;
  readonly state: StatePort;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  /** That many bytes from a cryptographic source. */
  readonly random: (bytes: number) => Uint8Array;
  readonly masterKeys: readonly MasterKey[];
  readonly egress: Egress;
  readonly mailer: Mailer;
  /** The way to providers' own accounts at Stripe. */
  readonly stripe: StripeClients;
  /** Without trailing slashes. */
  readonly publicUrls: { readonly portalUrl: string; readonly gatewayUrl: string };
  readonly signup: 'open' | 'invite' | 'closed';
  /** Told of what failed without failing the verb, such as a publication that the worker will send later. */
  readonly onError: (what: string, error: unknown) => void;
}
