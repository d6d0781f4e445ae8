import { Section, TextLink } from '@tollwright/ui';
import { ApiPolicies, type StoredPoliciesProps } from './stored-policies.tsx';

/** What decides about calls of every route of an API. */
export function ApiPoliciesTab(props: StoredPoliciesProps) {
  return (
    <Section
      title="Policies"
      description={`What decides about calls of every route, in the order in which it runs.${props.mayWrite ? '' : ' Only owners can change it.'}`}
    >
      <ApiPolicies {...props} />
      <p className="mt-6 text-sm text-muted">
        Single routes have policies of their own in their sheets, and plans in their terms.{' '}
        <TextLink href="/policies">All policy types</TextLink>
      </p>
    </Section>
  );
}
