import { readLocal } from './local.ts';
import { mailedLink } from './mail.ts';
import { done, type Management, openManagement } from './management.ts';
import { freshName } from './subscriber.ts';

/** Somebody signed in at the portal, by its own requests and without a browser. */
export interface Person {
  readonly email: string;
  /** Calls a procedure of the portal; `organization` is `prv_…` or `prv_…/cus_…`. */
  call<Value>(procedure: string, input: object, organization?: string): Promise<Value>;
}

/** An organization with a token that may do everything in it. */
export interface Tenant {
  readonly id: string;
  readonly token: string;
  readonly management: Management;
}

export interface NewProvider extends Tenant {
  readonly slug: string;
  readonly person: Person;
}

const PASSWORD = 'correct horse battery';

/** An account whose address was confirmed by the mail that came. */
export async function signedUp(stem: string): Promise<Person> {
  const email = `${freshName(stem)}@story.test`;
  const anybody = await portalCaller('');
  await anybody('account.signUp', { email, password: PASSWORD, name: stem });
  await anybody('account.verifyEmail', { token: await tokenMailedTo(email) });
  return { email, call: await portalCaller(await signIn(email)) };
}

/** A provider of its own, which nothing else in the product touches. */
export async function newProvider(stem: string): Promise<NewProvider> {
  const person = await signedUp(stem);
  const slug = freshName(stem);
  const { id } = await person.call<{ id: string }>('account.createProvider', { name: stem, slug, keyPrefix: 'story' });
  return { id, slug, person, ...(await newToken(person, id)) };
}

/** An agent owner who signed up in a provider's consumer portal. */
export async function newOwner(provider: NewProvider, stem: string): Promise<Tenant> {
  const person = await signedUp(stem);
  const wanted = { providerSlug: provider.slug, name: stem };
  const { id } = await person.call<{ id: string }>('account.becomeCustomer', wanted);
  return { id, ...(await newToken(person, `${provider.id}/${id}`)) };
}

async function newToken(person: Person, organization: string): Promise<{ token: string; management: Management }> {
  const wanted = { name: 'story', scopes: ['read', 'write'] };
  const { token } = await person.call<{ token: string }>('token.create', wanted, organization);
  return { token, management: openManagement(token) };
}

/** Another token of the same organization, with fewer scopes. */
export async function reducedToken({ management }: Tenant, scopes: ('read' | 'write')[]): Promise<Management> {
  return openManagement((await done(management.POST('/tokens', { body: { name: 'reduced', scopes } }))).token);
}

async function portalCaller(cookie: string): Promise<Person['call']> {
  const { portalUrl } = readLocal();
  return async (procedure, input, organization) => {
    const headers: Record<string, string> = { 'content-type': 'application/json', cookie };
    if (organization !== undefined) headers['x-tollwright-organization'] = organization;
    const init = { method: 'POST', headers, body: JSON.stringify(input) };
    const response = await fetch(`${portalUrl}/api/trpc/${procedure}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${procedure}: ${response.status} ${text}`);
    return JSON.parse(text).result.data;
  };
}

/** The session's cookie, as next-auth gives it for e-mail and password. */
async function signIn(email: string): Promise<string> {
  const { portalUrl } = readLocal();
  const csrf = await fetch(`${portalUrl}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const answer = await fetch(`${portalUrl}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookiesOf(csrf) },
    body: new URLSearchParams({ csrfToken, email, password: PASSWORD, json: 'true' }),
  });
  const cookies = cookiesOf(answer);
  if (!cookies.includes('tollwright.session=')) throw new Error(`${email} was not signed in: ${answer.status}`);
  return cookies;
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function tokenMailedTo(email: string): Promise<string> {
  return new URL(await mailedLink(email, 'Confirm your address')).searchParams.get('token') ?? '';
}
