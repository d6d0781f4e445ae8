import { LinkButton, TextLink } from '@tollwright/ui';
import { redirect } from 'next/navigation';
import { Mark } from '../frame/mark.tsx';
import { currentUser } from '../server/session.ts';

const STEPS = [
  { title: 'Describe', text: 'Import an OpenAPI document. Its operations become routes behind your gateway.' },
  { title: 'Price', text: 'Meters, plans and prices per token or call; an x402 price for strangers.' },
  {
    title: 'Watch',
    text: 'Every call metered once, every budget kept to the last nano-dollar, every payment with its transaction.',
  },
] as const;

/** The first screen for who is not signed in; others go on to their organizations. */
export default async function StartPage() {
  if (await currentUser()) redirect('/console');
  return (
    <main className="mx-auto flex min-h-dvh max-w-3xl flex-col px-4 py-10 sm:px-8">
      <Mark />
      <div className="my-auto py-16">
        <h1 className="text-3xl font-semibold tracking-tight text-ink">Let AI agents pay for your API.</h1>
        <p className="mt-3 max-w-xl text-lg text-muted">
          Put Tollwright&rsquo;s gateway in front of it. Known customers come in by key and plan, strangers by payment,
          and nobody spends more than their budget.
        </p>
        <div className="mt-7 flex flex-wrap gap-3">
          <LinkButton href="/sign-up" variant="primary" size="lg">
            Create a provider account
          </LinkButton>
          <LinkButton href="/sign-in" size="lg">
            Sign in
          </LinkButton>
        </div>
        <ol className="mt-14 grid gap-6 border-t border-line pt-6 sm:grid-cols-3">
          {STEPS.map(({ title, text }) => (
            <li key={title}>
              <h2 className="font-medium text-ink">{title}</h2>
              <p className="mt-1 text-muted">{text}</p>
            </li>
          ))}
        </ol>
      </div>
      <p className="text-sm text-muted">
        <TextLink href="/problems">Problem types</TextLink> ·{' '}
        <TextLink href="/api/v1/openapi.json">Management API</TextLink>
      </p>
    </main>
  );
}
