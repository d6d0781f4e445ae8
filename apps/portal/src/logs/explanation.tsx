import { Badge, PageHeader, Section, TextLink } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { CallFacts } from './call-facts.tsx';
import { DecisionSteps } from './decision-steps.tsx';
import type { TraceInFull } from './outputs.ts';
import { PriceTable } from './price-table.tsx';
import { problemHint, problemTitle, resultOf } from './words.ts';

export interface ExplanationProps {
  readonly trace: TraceInFull;
  /** The address of the log. */
  readonly logsHref: string;
  /** The call among all calls; null where it was not forwarded. */
  readonly callHref: string | null;
  /** Where customer and agent are shown, as far as this place has pages for them. */
  readonly links: { readonly customerHref?: string | undefined; readonly agentHref?: string | undefined };
}

/** Why one call was answered as it was: every policy's decision, and how its price was worked out. */
export function Explanation({ trace, logsHref, callHref, links }: ExplanationProps) {
  const { tone, words } = resultOf(trace);
  return (
    <>
      <PageHeader
        title={<span className="font-mono text-lg break-all">{trace.routeName}</span>}
        badge={
          <>
            <Badge tone={trace.status < 400 ? 'green' : 'red'}>{trace.status}</Badge>
            <Badge tone={tone}>{words}</Badge>
          </>
        }
        description={<WhyAnswered trace={trace} />}
        trail={[{ label: 'Logs', href: logsHref }]}
        action={callHref === null ? null : <TextLink href={callHref}>Open the call</TextLink>}
      />
      <div className="grid gap-x-10 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <Section
            title="Decisions"
            description="Every policy that had a say, in the order in which they decide. Limits are taken all at once: when one refuses, the others are not reached."
          >
            <DecisionSteps policies={trace.policies} worstCase={trace.worstCase} />
          </Section>
          <Prices trace={trace} />
        </div>
        <Section title="Call" rule={false}>
          <CallFacts trace={trace} links={links} />
        </Section>
      </div>
    </>
  );
}

function WhyAnswered({ trace: { outcome, problem, wouldRefuse } }: Pick<ExplanationProps, 'trace'>) {
  if (outcome === 'granted') {
    return wouldRefuse.length === 0
      ? 'Every policy let this call through, and it was forwarded.'
      : 'This call was forwarded. A policy in shadow mode would have refused it.';
  }
  const title = problemTitle(problem);
  if (title === null) return 'This call was refused and not forwarded.';
  return (
    <>
      Refused and not forwarded. <TextLink href={`/problems/${problem}`}>{title}</TextLink>. {problemHint(problem)}
    </>
  );
}

function Prices({ trace: { outcome, used, worstCase, chargedNanoUsd } }: Pick<ExplanationProps, 'trace'>): ReactNode {
  const refused = outcome === 'refused';
  return (
    <>
      {used === null ? null : (
        <Section title="Price" description="What the call used, at the prices of its plan.">
          <PriceTable price={used} chargedNanoUsd={chargedNanoUsd} total="Price of the call" />
        </Section>
      )}
      {worstCase === null ? (
        <Section title="Most it could cost">
          <p className="text-muted">Not worked out: the call was refused before its price was looked at.</p>
        </Section>
      ) : (
        <Section
          title="Most it could cost"
          description={
            refused
              ? 'What would have been held for the call: the most it could use, at the prices of its plan.'
              : 'What was held while the call ran: the most it could use. The rest was free again when it ended.'
          }
        >
          <PriceTable price={worstCase} total={refused ? 'Would have been held' : 'Held'} />
        </Section>
      )}
    </>
  );
}
