import { CodeBlock, EmptyState, KeyValue, LinkButton, PageHeader, Section, TextLink } from '@tollwright/ui';
import { AnswersList, HeadersList } from '../../../../../consumer/docs/answers-list.tsx';
import { ApiDocs } from '../../../../../consumer/docs/api-docs.tsx';
import { OnThisPage } from '../../../../../consumer/docs/on-this-page.tsx';
import { SnippetsGrid } from '../../../../../consumer/docs/snippets-grid.tsx';
import { StrangerSnippets } from '../../../../../consumer/docs/stranger-snippets.tsx';
import { strangerTarget } from '../../../../../consumer/docs/stranger-target.ts';
import { exampleTarget } from '../../../../../consumer/example-target.ts';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { portalEnv } from '../../../../../env.ts';
import { ModelPriceTable } from '../../../../../plan/model-price-table.tsx';
import { storefrontOf } from '../../../../../server/storefront.ts';

export const metadata = { title: 'Docs' };

type Props = { readonly params: Promise<PortalParams> };

/** How to call this provider's APIs, and what the answers mean. */
export default async function DocsPage({ params }: Props) {
  const { api, base, provider } = await portalPage(params);
  const [storefront, subscriptions] = await Promise.all([
    storefrontOf(provider.slug),
    api.subscription.list({ limit: 1 }),
  ]);
  const subscription = subscriptions.items.find(({ status }) => status === 'active');
  const target = exampleTarget(storefront, subscription?.terms);
  const unpaid = strangerTarget(storefront.apis);
  const { PORTAL_PUBLIC_URL: portalUrl } = portalEnv();
  return (
    <>
      <PageHeader
        title="Docs"
        description={`How to call ${provider.name}, what calls cost you, and what each answer means.`}
      />
      <OnThisPage
        parts={[
          { id: 'call', label: 'Call with a key' },
          ...storefront.apis.map(({ slug, name }) => ({ id: `api-${slug}`, label: name })),
          { id: 'prices', label: 'Your prices' },
          ...(unpaid ? [{ id: 'strangers', label: 'Call without a key' }] : []),
          { id: 'headers', label: 'Response headers' },
          { id: 'answers', label: 'Refusals and failures' },
          { id: 'management', label: 'Manage by program' },
        ]}
      />
      <Section
        id="call"
        title="Call with a key"
        description="One key for each agent and place; it is shown once."
        rule={false}
      >
        <KeyValue
          className="mb-4 max-w-xl"
          items={[
            { label: 'Header', value: <code className="font-mono text-xs">Authorization: Bearer $AGENT_KEY</code> },
            { label: 'Or', value: <code className="font-mono text-xs">X-API-Key: $AGENT_KEY</code> },
            { label: 'Keys', value: <TextLink href={`${base}/agents`}>On each agent&rsquo;s page</TextLink> },
          ]}
        />
        {target ? (
          <SnippetsGrid target={target} />
        ) : (
          <EmptyState title="No route yet">{provider.name} has not opened a route. Come back later.</EmptyState>
        )}
      </Section>
      {storefront.apis.map((one) => (
        <ApiDocs key={one.id} api={one} terms={subscription?.terms} />
      ))}
      <Section
        id="prices"
        title="Your prices"
        description={
          subscription
            ? `${subscription.plan.name}, version ${subscription.version}. A call is charged what it consumed, rounded up once to the nano-dollar.`
            : 'You have no plan yet, so calls with a key are refused.'
        }
        action={
          <LinkButton href={`${base}/billing${subscription ? '' : '#plans'}`}>
            {subscription ? 'Plan & billing' : 'Choose a plan'}
          </LinkButton>
        }
      >
        {subscription ? <ModelPriceTable rateCards={subscription.terms.rateCards} /> : null}
      </Section>
      {unpaid ? (
        <Section
          id="strangers"
          title="Call without a key"
          description="An agent without a key is told the price by a 402 and pays by x402, with no account."
        >
          <StrangerSnippets target={unpaid} />
        </Section>
      ) : null}
      <Section id="headers" title="Response headers" description="What the gateway adds to an answer.">
        <HeadersList />
      </Section>
      <Section
        id="answers"
        title="Refusals and failures"
        description="Each is problem+json with title, detail, hint and requestId. Nothing below is forwarded or charged but what its page says."
      >
        <AnswersList />
      </Section>
      <Section
        id="management"
        title="Manage by program"
        description="What you do in this portal, a program can do with a token of your team."
        action={<LinkButton href={`${base}/team?tab=tokens`}>Management tokens</LinkButton>}
      >
        <CodeBlock
          title="List your agents"
          code={`curl ${portalUrl}/api/v1/agents \\\n  -H "Authorization: Bearer $TOLLWRIGHT_TOKEN"`}
          wrap
        />
        <p className="mt-3 text-muted">
          The whole interface is at <TextLink href="/api/v1/openapi.json">/api/v1/openapi.json</TextLink>; every refusal
          has a page among the <TextLink href="/problems">problem types</TextLink>.
        </p>
      </Section>
    </>
  );
}
