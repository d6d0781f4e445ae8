import { Badge, classNames, formatNanoUsdExact, formatQuantityExact, TextLink } from '@tollwright/ui';
import type { PolicyDecision, Price } from './outputs.ts';
import { DECISIONS, LEVELS, policyName, problemTitle } from './words.ts';

const UNITS = { 'nano-usd': 'USD', calls: 'calls', units: 'units' } as const;

export interface DecisionStepsProps {
  readonly policies: readonly PolicyDecision[];
  /** The most that the call could cost, which is what budgets were asked for. */
  readonly worstCase: Price | null;
}

/** The policies of a call as numbered steps: what each decided, and what was left of its limit. */
export function DecisionSteps({ policies, worstCase }: DecisionStepsProps) {
  return (
    <ol className="border-t border-line">
      {policies.map((policy, index) => (
        <Step
          key={`${policy.policy} ${policy.counter ?? ''}`}
          policy={policy}
          number={index + 1}
          askedNanoUsd={policy.type === 'budget' ? (worstCase?.amountNanoUsd ?? null) : null}
        />
      ))}
    </ol>
  );
}

interface StepProps {
  readonly policy: PolicyDecision;
  readonly number: number;
  readonly askedNanoUsd: string | null;
}

function Step({ policy, number, askedNanoUsd }: StepProps) {
  const { tone, words } = DECISIONS[policy.decision];
  const quiet = policy.decision === 'not-reached';
  const title = problemTitle(policy.problem);
  return (
    <li className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-baseline gap-x-2 gap-y-0.5 border-b border-line py-2.5">
      <span aria-hidden className="text-sm text-faint tabular">
        {number}
      </span>
      <p className={classNames('min-w-0 break-words', quiet ? 'text-muted' : 'text-ink')}>
        <span className="font-medium">{nameOf(policy)}</span>{' '}
        <span className="text-sm text-faint">
          {policy.about === null ? LEVELS[policy.level] : `of ${policy.about}`}
          {policy.shadow ? ', in shadow mode' : ''}
        </span>
      </p>
      <Badge tone={tone}>{words}</Badge>
      {policy.limit === null && title === null ? null : (
        <p className="col-span-2 col-start-2 text-sm text-muted">
          {title === null ? null : (
            <>
              <TextLink href={`/problems/${policy.problem}`}>{title}</TextLink>
              {policy.limit === null ? '' : '. '}
            </>
          )}
          <LimitWords policy={policy} />
          {policy.decision === 'refused' && askedNanoUsd !== null
            ? ` It asked for ${formatNanoUsdExact(askedNanoUsd)} USD, the most that it could cost.`
            : ''}
        </p>
      )}
    </li>
  );
}

function nameOf({ policy, counter }: PolicyDecision): string {
  return counter === null ? policyName(policy) : `${policyName(policy)}, ${counter}`;
}

/** `3 → 4 of 10 calls`: before, after, limit; where nothing was taken, what was used of it. */
function LimitWords({ policy: { limit, before, after, unit } }: { readonly policy: PolicyDecision }) {
  if (limit === null) return null;
  const figure = (value: string) => (unit === 'nano-usd' ? formatNanoUsdExact(value) : formatQuantityExact(value));
  const of = `${figure(limit)} ${UNITS[unit ?? 'units']}`;
  if (before === null || after === null) return <span className="tabular">The limit is {of}.</span>;
  if (before === after) {
    return (
      <span className="tabular">
        {figure(before)} of {of} were used or held before this call.
      </span>
    );
  }
  return (
    <span className="tabular">
      <span className="sr-only">Used or held before and after: </span>
      {figure(before)} <span aria-hidden>→</span>
      <span className="sr-only">to</span> {figure(after)} of {of}
    </span>
  );
}
