import { Callout } from '@tollwright/ui';
import type { ShownProblem } from './problem.ts';

/** A problem in place, above the form or table that it is about. */
export function ProblemCallout({ problem }: { readonly problem: ShownProblem | null }) {
  if (!problem) return null;
  const named = Object.keys(problem.fields).length > 0;
  return (
    <Callout
      tone="error"
      title={problem.title}
      why={named ? undefined : problem.detail}
      next={named ? 'Correct the marked fields and try again.' : problem.hint}
      requestId={named ? undefined : problem.requestId || undefined}
      className="mb-4"
    />
  );
}
