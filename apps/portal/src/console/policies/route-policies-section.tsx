import { Section, TextLink } from '@tollwright/ui';
import { RoutePolicies, type StoredPoliciesProps } from './stored-policies.tsx';

export interface RoutePoliciesSectionProps extends StoredPoliciesProps {
  readonly routeId: string;
  /** How many hold on every route of the API, and where they are. */
  readonly ofApi: { readonly count: number; readonly href: string };
}

/** What decides about calls of one route, beside what holds on all of them. */
export function RoutePoliciesSection({ ofApi, ...props }: RoutePoliciesSectionProps) {
  return (
    <Section title="Policies" description="What decides about calls of this route, in the order in which it runs.">
      <RoutePolicies {...props} />
      <p className="mt-3 text-sm text-muted">
        {ofApi.count === 0 ? 'The API has none that hold on all routes. ' : 'Those of the API hold here too. '}
        <TextLink href={ofApi.href}>Policies of the API</TextLink>
      </p>
    </Section>
  );
}
