import { Badge, CodeBlock, LinkButton } from '@tollwright/ui';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { curlSnippet, openaiSnippet, type SnippetTarget } from '../snippets.ts';
import { nextStep, type SetupStep } from './setup.ts';

export interface SetupChecklistProps {
  readonly steps: readonly SetupStep[];
  readonly base: string;
  readonly providerName: string;
  /** The agent to make a key for, once there is one. */
  readonly firstAgent: { readonly id: string; readonly name: string } | undefined;
  readonly target: SnippetTarget | null;
  readonly mayWrite: boolean;
}

/** The way from nothing to the first call; the next step is open, done ones are ticked. */
export function SetupChecklist(props: SetupChecklistProps) {
  const next = nextStep(props.steps);
  return (
    <ol className="divide-y divide-line border-y border-line" aria-label="Steps to the first call">
      {props.steps.map(({ key, done }, index) => (
        <li key={key} className="flex gap-3 py-3.5">
          <span
            aria-hidden
            className={`mt-px flex size-5.5 shrink-0 items-center justify-center rounded-full text-xs font-medium ${done ? 'bg-green-soft text-green' : key === next ? 'bg-primary text-primary-ink' : 'bg-hover text-muted'}`}
          >
            {done ? <Check className="size-3.5" /> : index + 1}
          </span>
          <div className="min-w-0 flex-1">
            <p className={done ? 'text-muted' : 'font-medium text-ink'}>
              {TITLES[key]} {done ? <Badge tone="green">Done</Badge> : null}
            </p>
            {key === next ? <div className="mt-1">{stepBody(key, props)}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}

const TITLES: Readonly<Record<SetupStep['key'], string>> = {
  plan: 'Choose a plan',
  agent: 'Create an agent',
  key: 'Create its key',
  call: 'Make the first call',
};

function stepBody(key: SetupStep['key'], props: SetupChecklistProps): ReactNode {
  const { base, providerName, firstAgent, mayWrite } = props;
  switch (key) {
    case 'plan':
      return (
        <Step
          text={`A plan decides what calls to ${providerName} cost and how many there may be.`}
          action={{ label: 'Choose a plan', href: `${base}/billing#plans` }}
          mayWrite={mayWrite}
        />
      );
    case 'agent':
      return (
        <Step
          text="Each agent has keys and a budget of its own, so that you see what it spends and can stop it alone."
          action={{ label: 'Create agent', href: `${base}/agents/new` }}
          mayWrite={mayWrite}
        />
      );
    case 'key':
      return (
        <Step
          text="A key is shown once and capped by default."
          action={{
            label: firstAgent ? `Create a key for ${firstAgent.name}` : 'Choose an agent',
            href: firstAgent ? `${base}/agents/${firstAgent.id}#keys` : `${base}/agents`,
          }}
          mayWrite={mayWrite}
        />
      );
    case 'call':
      return <FirstCall target={props.target} />;
  }
}

function Step(props: {
  readonly text: string;
  readonly action: { readonly label: string; readonly href: string };
  readonly mayWrite: boolean;
}) {
  return (
    <>
      <p className="text-muted">{props.text}</p>
      {props.mayWrite ? (
        <LinkButton className="mt-2.5" variant="primary" href={props.action.href}>
          {props.action.label}
        </LinkButton>
      ) : (
        <p className="mt-1 text-sm text-muted">An owner does this. You are a viewer here.</p>
      )}
    </>
  );
}

function FirstCall({ target }: { readonly target: SnippetTarget | null }) {
  if (target === null) return <p className="text-muted">There is no route to call yet.</p>;
  return (
    <>
      <p className="mb-3 text-muted">Put the key in place of YOUR_KEY. The call is on this page within 5 seconds.</p>
      <div className="grid gap-3 lg:grid-cols-2">
        <CodeBlock title="curl" code={curlSnippet(target, 'YOUR_KEY')} wrap />
        {target.openaiBaseUrl === null ? null : (
          <CodeBlock title="openai SDK" code={openaiSnippet(target.openaiBaseUrl, target.model)} />
        )}
      </div>
    </>
  );
}
