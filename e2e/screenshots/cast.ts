import type { APIRequestContext, Browser, BrowserContext } from '@playwright/test';
import { readLocal } from '../local.ts';
import { mailedToken } from './mail-link.ts';
import { ask, type Organization, openSession } from './portal-client.ts';

/** Who looks at a page. */
export type Role =
  | 'nobody'
  | 'newcomer'
  | 'provider-owner'
  | 'provider-viewer'
  | 'new-provider'
  | 'customer-owner'
  | 'customer-viewer'
  | 'fleet-owner'
  | 'new-customer';

interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

const password = 'a-demo-password';
type Member = Exclude<Role, 'nobody'>;

/** Those who are not in the demo; they join it as people do. */
const GUESTS: Readonly<Record<Exclude<Member, 'provider-owner' | 'customer-owner'>, Person>> = {
  newcomer: { name: 'Nils Newcomer', email: 'nils@newcomer.test', password },
  'provider-viewer': { name: 'Vera Acme', email: 'vera@acme.test', password },
  'new-provider': { name: 'Nora Northwind', email: 'nora@northwind.test', password },
  'customer-viewer': { name: 'Gwen Globex', email: 'gwen@globex.test', password },
  'fleet-owner': { name: 'Ines Initech', email: 'ines@initech.test', password },
  'new-customer': { name: 'Carl Cobalt', email: 'carl@cobalt.test', password },
};

export type Cast = Readonly<Record<Role, BrowserContext>>;

/** A browser context for each role, signed in. Whoever is not known yet signs up and follows the mailed link. */
export async function openCast(browser: Browser): Promise<Cast> {
  const options = { reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', locale: 'en-GB' } as const;
  const contexts: [string, BrowserContext][] = [['nobody', await browser.newContext(options)]];
  for (const [role, person] of Object.entries(people())) {
    const context = await browser.newContext(options);
    await enter(context.request, person);
    contexts.push([role, context]);
  }
  return Object.fromEntries(contexts) as unknown as Cast;
}

function people(): Readonly<Record<Member, Person>> {
  const { provider, owner } = readLocal();
  return {
    ...GUESTS,
    'provider-owner': { name: 'Ada Acme', ...provider },
    'customer-owner': { name: 'Hank Globex', ...owner },
  };
}

async function enter(request: APIRequestContext, person: Person): Promise<void> {
  if (await openSession(request, person)) return;
  await ask(request, 'account.signUp', person);
  await ask(request, 'account.verifyEmail', { token: await mailedToken(person.email, 'verify-email') });
  if (!(await openSession(request, person))) throw new Error(`${person.email} cannot sign in`);
}

/** Makes somebody a member of an organization by invitation. */
export async function invite(
  cast: Cast,
  host: Member,
  guest: Member,
  organization: Organization,
  role: 'owner' | 'viewer',
): Promise<void> {
  const { email } = people()[guest];
  await ask(cast[host].request, 'member.invite', { email, role }, organization);
  await ask(cast[guest].request, 'account.acceptInvitation', { token: await mailedToken(email, 'invitation') });
}
