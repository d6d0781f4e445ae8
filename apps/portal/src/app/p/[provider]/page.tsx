import { LinkButton, PageHeader, Section, TextLink } from '@tollwright/ui';
import { ApiDocs } from '../../../consumer/docs/api-docs.tsx';
import { SnippetsGrid } from '../../../consumer/docs/snippets-grid.tsx';
import { StrangerSnippets } from '../../../consumer/docs/stranger-snippets.tsx';
import { strangerTarget } from '../../../consumer/docs/stranger-target.ts';
import { exampleTarget } from '../../../consumer/example-target.ts';
import { accountOf } from '../../../consumer/storefront/account-of.ts';
import { StorefrontPlans } from '../../../consumer/storefront/plans.tsx';
import { StorefrontFrame } from '../../../frame/storefront-frame.tsx';
import { storefrontOf } from '../../../server/storefront.ts';

type Props = { readonly params: Promise<{ provider: string }> };

export async function generateMetadata({ params }: Props) {
  const { provider } = await storefrontOf((await params).provider);
  return { title: provider.name, description: `APIs of ${provider.name} for AI agents: routes, plans and prices.` };
}

/** What a provider sells, to anybody: APIs, prices, plans, and how to call. */
export default async function StorefrontPage({ params }: Props) {
  const storefront = await storefrontOf((await params).provider);
  const { provider, apis, plans } = storefront;
  const base = `/p/${provider.slug}`;
  const account = await accountOf(provider);
  const target = exampleTarget(storefront, undefined);
  const unpaid = strangerTarget(apis);
  return (
    <StorefrontFrame
      basePath={base}
      provider={{ name: provider.name, colour: provider.brandColor }}
      signedIn={account !== null}
    >
      <PageHeader
        title={provider.name}
        description={`Call ${provider.name} from your agents, each with a key and a budget of its own${unpaid ? ', or pay call by call without an account' : ''}.`}
        action={
          account ? (
            <LinkButton href={account.href} variant="primary">
              {account.label}
            </LinkButton>
          ) : (
            <LinkButton href={`${base}/sign-up`} variant="primary">
              Create an account
            </LinkButton>
          )
        }
      />
      {apis.length === 0 ? <p className="text-base text-muted">{provider.name} has no API open yet.</p> : null}
      {apis.map((api) => (
        <ApiDocs key={api.id} api={api} />
      ))}
      <StorefrontPlans plans={plans} name={provider.name} />
      {target ? (
        <Section
          id="call"
          title="Call with a key"
          description="The key comes with an agent that you create after signing up."
        >
          <SnippetsGrid target={target} />
        </Section>
      ) : null}
      {unpaid ? (
        <Section
          id="strangers"
          title="Call without a key"
          description="The answer is a 402 that says the price. Any x402 client pays it, gets the answer and a receipt."
        >
          <StrangerSnippets target={unpaid} />
        </Section>
      ) : null}
      <p className="text-muted">
        What each refusal means is in the <TextLink href="/problems">problem types</TextLink>.
      </p>
    </StorefrontFrame>
  );
}
