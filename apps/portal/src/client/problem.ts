/** A failed call as pages show it: what happened, what to do next, which fields are wrong, and what to quote. */
export interface ShownProblem {
  /** The problem type; empty where no answer came. */
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
  readonly requestId: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads the problem that a procedure answered with; a lost connection becomes one too. */
export function shownProblem(error: unknown): ShownProblem {
  const problem = (error as { data?: { problem?: WireProblem } } | null)?.data?.problem;
  if (!problem) {
    return {
      slug: '',
      title: 'The portal did not answer',
      detail: 'The connection was lost, or the server is away.',
      hint: 'Check your connection and try again. Nothing was changed unless the page shows it.',
      requestId: '',
      fields: {},
    };
  }
  const fields: Record<string, string> = {};
  for (const { path, message } of problem.members?.errors ?? []) {
    const before = fields[path];
    fields[path] = before === undefined ? sentence(message) : `${before} ${sentence(message)}`;
  }
  const { slug, title, detail, hint, requestId } = problem;
  return { slug, title, detail, hint, requestId, fields };
}

/** Messages follow a field's path on the wire; here they stand alone below the field. */
function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}

interface WireProblem {
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
  readonly requestId: string;
  readonly members?: { readonly errors?: readonly { readonly path: string; readonly message: string }[] };
}
