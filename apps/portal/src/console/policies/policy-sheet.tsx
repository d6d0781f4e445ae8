'use client';

import { Button, Sheet } from '@tollwright/ui';
import { useId, useState } from 'react';
import { useSubmit } from '../../client/use-submit.ts';
import type { Policy, PolicyLevel, PolicyType } from './outputs.ts';
import { PolicyChooser } from './policy-chooser.tsx';
import { PolicyForm } from './policy-form.tsx';
import { type PlacedPolicy, policyTitle } from './run-order.ts';

export interface PolicySheetProps {
  readonly types: readonly PolicyType[];
  readonly level: PolicyLevel;
  readonly policies: readonly Policy[];
  /** The policy that is looked at; null while one is added. */
  readonly placed: PlacedPolicy | null;
  /** Takes the whole list with the change in it, and throws what the server refuses. Undefined: nothing can be changed. */
  readonly save: ((policies: readonly Policy[]) => Promise<unknown>) | undefined;
  readonly onClose: () => void;
}

/** One policy in full: a new one is chosen by its type first. */
export function PolicySheet({ types, level, policies, placed, save, onClose }: PolicySheetProps) {
  const formId = useId();
  const [chosen, setChosen] = useState<PolicyType | null>(placed?.type ?? null);
  const { submit, pending, problem } = useSubmit(async (policy: Policy) => {
    const index = placed?.index ?? policies.length;
    await save?.([...policies.slice(0, index), policy, ...policies.slice(index + 1)]);
    return policy;
  });
  const onSave = async (policy: Policy) => {
    if (await submit(policy)) onClose();
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={placed ? policyTitle(placed) : chosen ? `Add ${chosen.title}` : 'Add policy'}
      description={chosen?.summary ?? 'Choose what it should do.'}
      footer={
        chosen && save ? (
          <>
            {placed ? null : <Button onClick={() => setChosen(null)}>Choose another</Button>}
            <Button form={formId} type="submit" variant="primary" pending={pending && 'Saving policy…'}>
              Save policy
            </Button>
          </>
        ) : null
      }
    >
      {chosen ? (
        <PolicyForm
          key={chosen.type}
          id={formId}
          type={chosen}
          level={level}
          policy={placed?.policy ?? null}
          index={placed?.index ?? policies.length}
          mayWrite={save !== undefined}
          problem={problem}
          onSave={onSave}
        />
      ) : (
        <PolicyChooser types={types} level={level} policies={policies} onChoose={setChosen} />
      )}
    </Sheet>
  );
}
