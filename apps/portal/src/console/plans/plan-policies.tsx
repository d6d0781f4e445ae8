'use client';

import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../client/api.tsx';
import type { Policy, PolicyType } from '../policies/outputs.ts';
import { PoliciesPanel } from '../policies/policies-panel.tsx';

export interface PlanPoliciesProps {
  readonly types: readonly PolicyType[];
  readonly policies: readonly Policy[];
  readonly onChange: (policies: readonly Policy[]) => void;
}

/** The policies of a draft: checked by the server at once, kept and published with the rest of its terms. */
export function PlanPolicies({ types, policies, onChange }: PlanPoliciesProps) {
  const { mutateAsync } = useMutation(useApi().policy.preview.mutationOptions());
  const save = async (changed: readonly Policy[]) => {
    const checked = await mutateAsync({ level: 'plan', policies: [...changed] });
    onChange(checked.policies);
  };
  return <PoliciesPanel level="plan" types={types} policies={policies} save={save} />;
}
