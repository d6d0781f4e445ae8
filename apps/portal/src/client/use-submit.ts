'use client';

import { useState } from 'react';
import { type ShownProblem, shownProblem } from './problem.ts';

export interface Submit<Input, Output> {
  /** Runs the verb; resolves to its answer, or undefined after a problem, which is then in `problem`. */
  readonly submit: (input: Input) => Promise<Output | undefined>;
  readonly pending: boolean;
  /** How often it went well. */
  readonly successes: number;
  readonly problem: ShownProblem | null;
  /** The problem of one field, by its path: `errorOf('limitNanoUsd')`. */
  readonly errorOf: (path: string) => string | undefined;
}

/** Runs one verb for a form and keeps what went wrong beside it. */
export function useSubmit<Input, Output>(run: (input: Input) => Promise<Output>): Submit<Input, Output> {
  const [pending, setPending] = useState(false);
  const [successes, setSuccesses] = useState(0);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const submit = async (input: Input): Promise<Output | undefined> => {
    setPending(true);
    setProblem(null);
    try {
      const answer = await run(input);
      setSuccesses((count) => count + 1);
      return answer;
    } catch (error) {
      setProblem(shownProblem(error));
      return undefined;
    } finally {
      setPending(false);
    }
  };
  return { submit, pending, successes, problem, errorOf: (path) => problem?.fields[path] };
}
