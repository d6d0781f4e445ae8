'use client';

import { Badge, Button, ConfirmDialog } from '@tollwright/ui';
import { type ReactNode, useState } from 'react';
import { attempt } from '../../client/attempt.ts';
import { optionsText } from './options-text.ts';
import type { Policy, PolicyLevel, PolicyType } from './outputs.ts';
import { PolicySheet } from './policy-sheet.tsx';
import { inRunOrder, type PlacedPolicy, policyTitle } from './run-order.ts';
import { REMOVED } from './words.ts';

export interface PoliciesPanelProps {
  readonly types: readonly PolicyType[];
  readonly level: PolicyLevel;
  readonly policies: readonly Policy[];
  /** Takes the whole list with a change in it, and throws what the server refuses. Without it, policies are shown only. */
  readonly save?: (policies: readonly Policy[]) => Promise<unknown>;
}

/** The policies of an API, a route or a plan, in the order in which they run; they are added, changed and removed here. */
export function PoliciesPanel({ types, level, policies, save }: PoliciesPanelProps) {
  const [open, setOpen] = useState<PlacedPolicy | 'new' | null>(null);
  return (
    // Sheets and dialogs hang below this place for React only; what they submit is no business of a form around it.
    <div onSubmit={(event) => event.stopPropagation()}>
      {policies.length === 0 ? (
        <p className="text-base text-muted">None is set here.</p>
      ) : (
        <ol aria-label="Policies in the order in which they run" className="border-t border-line">
          {inRunOrder(policies, types).map((placed) => (
            <PolicyLine key={placed.index} placed={placed}>
              <Button variant="quiet" size="sm" onClick={() => setOpen(placed)}>
                {save ? 'Edit' : 'Show'}
                <span className="sr-only"> {policyTitle(placed)}</span>
              </Button>
              {save ? (
                <ConfirmDialog
                  trigger={
                    <Button variant="quiet" size="sm">
                      Remove<span className="sr-only"> {policyTitle(placed)}</span>
                    </Button>
                  }
                  title={`Remove ${policyTitle(placed)}?`}
                  consequence={REMOVED[level]}
                  confirmLabel="Remove policy"
                  pendingLabel="Removing…"
                  onConfirm={() => attempt(() => save(policies.filter((_, index) => index !== placed.index)))}
                />
              ) : null}
            </PolicyLine>
          ))}
        </ol>
      )}
      {save ? (
        <Button className="mt-4" onClick={() => setOpen('new')}>
          Add policy
        </Button>
      ) : null}
      {open === null ? null : (
        <PolicySheet
          types={types}
          level={level}
          policies={policies}
          placed={open === 'new' ? null : open}
          save={save}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

function PolicyLine({ placed, children }: { readonly placed: PlacedPolicy; readonly children: ReactNode }) {
  const { policy, type } = placed;
  return (
    <li className="flex items-start justify-between gap-4 border-b border-line py-2.5" data-policy={policy.type}>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 font-medium text-ink">
          {policyTitle(placed)}
          {policy.shadow ? <Badge tone="amber">Shadow</Badge> : null}
        </p>
        <p className="text-sm break-words text-muted">{optionsText(type, policy.options)}</p>
      </div>
      <div className="flex shrink-0">{children}</div>
    </li>
  );
}
