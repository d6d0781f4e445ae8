'use client';

import { Field, Input } from '@tollwright/ui';

const FRAMEWORKS = ['langgraph', 'openai-agents', 'crewai', 'autogen', 'claude-agent-sdk', 'mastra', 'vercel-ai-sdk'];

export interface FrameworkFieldProps {
  readonly defaultValue?: string;
  readonly error?: string | undefined;
}

/** What an agent is built with, in the owner's own words; the usual names are offered. */
export function FrameworkField({ defaultValue, error }: FrameworkFieldProps) {
  return (
    <>
      <Field label="Framework" optional error={error}>
        <Input name="framework" autoComplete="off" maxLength={60} list="frameworks" defaultValue={defaultValue} />
      </Field>
      <datalist id="frameworks">
        {FRAMEWORKS.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
