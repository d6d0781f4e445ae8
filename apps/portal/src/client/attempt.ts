import type { CalloutError } from '@tollwright/ui';
import { shownProblem } from './problem.ts';

/** Runs one verb for a ConfirmDialog: answers what went wrong as it shows it, or undefined. */
export async function attempt(run: () => Promise<unknown>): Promise<CalloutError | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    const { title, detail, hint, requestId } = shownProblem(error);
    return { title, why: detail, next: hint, requestId: requestId || undefined };
  }
}
