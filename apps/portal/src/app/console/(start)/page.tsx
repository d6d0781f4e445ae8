import { LinkButton, TextLink } from '@tollwright/ui';
import { redirect } from 'next/navigation';
import { AuthFrame } from '../../../frame/auth-frame.tsx';
import { myOrganizations } from '../../../server/organizations.ts';

export const metadata = { title: 'Your organizations' };

/** Straight into the only organization; a choice between several; the first step for who has none. */
export default async function OrganizationsPage() {
  const { providers, customers } = await myOrganizations('/console');
  const places = [
    ...providers.map((each) => ({
      href: `/console/${each.slug}`,
      name: each.name,
      what: `Provider console · ${each.role}`,
    })),
    ...customers.map((each) => ({
      href: `/p/${each.provider.slug}/${each.id}`,
      name: each.name,
      what: `Customer of ${each.provider.name} · ${each.role}`,
    })),
  ];
  const [only] = places;
  if (!only) redirect('/console/new');
  if (places.length === 1) redirect(only.href);
  return (
    <AuthFrame
      title="Your organizations"
      description="Choose where to go."
      footer={
        <>
          Sell another API? <TextLink href="/console/new">Create a provider</TextLink> ·{' '}
          <TextLink href="/sign-out">Sign out</TextLink>
        </>
      }
    >
      <ul className="grid gap-2">
        {places.map(({ href, name, what }) => (
          <li key={href}>
            <LinkButton href={href} size="lg" className="w-full justify-between">
              <span className="truncate">{name}</span>
              <span className="text-sm font-normal text-muted">{what}</span>
            </LinkButton>
          </li>
        ))}
      </ul>
    </AuthFrame>
  );
}
