'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import type { Policy, PolicyType } from './outputs.ts';
import { PoliciesPanel } from './policies-panel.tsx';

export interface StoredPoliciesProps {
  readonly types: readonly PolicyType[];
  readonly policies: readonly Policy[];
  readonly mayWrite: boolean;
  readonly apiId: string;
}

/** What holds on every route of an API; each change is in force at once. */
export function ApiPolicies({ apiId, mayWrite, ...panel }: StoredPoliciesProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().policy.setForApi.mutationOptions());
  const save = async (policies: readonly Policy[]) => {
    await mutateAsync({ apiId, policies: [...policies] });
    router.refresh();
  };
  return <PoliciesPanel level="api" {...panel} {...(mayWrite ? { save } : {})} />;
}

/** What holds on one route. */
export function RoutePolicies({
  apiId,
  routeId,
  mayWrite,
  ...panel
}: StoredPoliciesProps & { readonly routeId: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().policy.setForRoute.mutationOptions());
  const save = async (policies: readonly Policy[]) => {
    await mutateAsync({ apiId, routeId, policies: [...policies] });
    router.refresh();
  };
  return <PoliciesPanel level="route" {...panel} {...(mayWrite ? { save } : {})} />;
}
