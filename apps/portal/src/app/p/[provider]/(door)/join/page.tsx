import { LinkButton } from '@tollwright/ui';
import { redirect } from 'next/navigation';
import { JoinForm } from '../../../../../consumer/join-form.tsx';
import { AuthFrame } from '../../../../../frame/auth-frame.tsx';
import { myOrganizations } from '../../../../../server/organizations.ts';
import { storefrontOf } from '../../../../../server/storefront.ts';

export const metadata = { title: 'Welcome' };

type Props = { readonly params: Promise<{ provider: string }> };

/** After sign-in: into one's own customer, or the step that makes it. */
export default async function JoinPage({ params }: Props) {
  const { provider } = await storefrontOf((await params).provider);
  const { customers } = await myOrganizations(`/p/${provider.slug}/join`);
  const mine = customers.filter((each) => each.provider.id === provider.id);
  const [only] = mine;
  if (only && mine.length === 1) redirect(`/p/${provider.slug}/${only.id}`);
  const brand = { name: provider.name, colour: provider.brandColor };
  if (mine.length > 1) {
    return (
      <AuthFrame
        provider={brand}
        title="Choose an account"
        description={`You belong to several customers of ${provider.name}.`}
      >
        <ul className="grid gap-2">
          {mine.map((each) => (
            <li key={each.id}>
              <LinkButton href={`/p/${provider.slug}/${each.id}`} size="lg" className="w-full">
                {each.name}
              </LinkButton>
            </li>
          ))}
        </ul>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      provider={brand}
      title={`Welcome to ${provider.name}`}
      description="Name the organization that your agents belong to."
    >
      <JoinForm providerSlug={provider.slug} />
    </AuthFrame>
  );
}
