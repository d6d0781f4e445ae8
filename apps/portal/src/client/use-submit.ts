'use client';

import { useState } from 'react';
import { type ShownProblem, shownProblem } from './problem.ts';

export interface Submit<Input, Output> {
  /** Runs the verb; resolves to its answer, or undefined after a problem, which is then in `problem`. */
  readonly submit: (input: Input) => Promise<Output | undefined>;
  readonly pending: boolean;
  readonly problem: ShownProblem | null;
  /** The problem of one field, by its path: `errorOf('limitNanoUsd')`. */
  readonly errorOf: (path: string) => string | undefined;
}

/** Runs one verb for a form and keeps what went wrong beside it. */
export function useSubmit<Input, Output>(run: (input: Input) => Promise<Output>): Submit<Input, Output> {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const submit = async (input: Input): Promise<Output | undefined> => {
    setPending(true);
    setProblem(null);
    try {
      return await run(input);
    } catch (error) {
      setProblem(shownProblem(error));
      return undefined;
    } finally {
      setPending(false);
    }
  };
  return { submit, pending, problem, errorOf: (path) => problem?.fields[path] };
}
