import ts from 'typescript';

/** `called`: control comes back to a function that was handed on. The others are about an `await`: `during` is when the turn
 * in which it began is over, and what that turn wrote has left the process. */
export type Moment = 'before' | 'during' | 'after' | 'called';

/** A place where a gateway waits, or is called back. */
export interface Step {
  /** File, line and column of the built module. */
  readonly place: string;
  readonly moments: readonly Moment[];
}

const AWAITED: readonly Moment[] = ['before', 'during', 'after'];
const CALLED: readonly Moment[] = ['called'];
/** Callbacks that run within the call that they are handed to: nothing is waited for. */
const AT_ONCE: ReadonlySet<string> = new Set([
  ...[
    'map',
    'filter',
    'some',
    'every',
    'find',
    'findIndex',
    'findLast',
    'flatMap',
    'reduce',
    'forEach',
    'sort',
    'from',
  ],
]);
const GLOBAL = 'globalThis.tollwrightSteps';

type Edit = readonly [at: number, text: string];

/**
 * Numbers the steps of a built module from `first` on, and has each say that it was reached. The module does what it did
 * before; what it awaited is awaited one turn of the microtask queue later.
 */
export function numberSteps(file: string, source: string, first: number): { source: string; steps: readonly Step[] } {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const steps: Step[] = [];
  const edits: Edit[] = [];
  const number = (node: ts.Node, moments: readonly Moment[]) => {
    const { line, character } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    steps.push({ place: `${file}:${line + 1}:${character + 1}`, moments });
    return first + steps.length - 1;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node)) {
      const step = number(node, AWAITED);
      const { expression } = node;
      edits.push([expression.getStart(tree), `${GLOBAL}.awaited(${step}, (${GLOBAL}.before(${step}), `]);
      ts.forEachChild(node, visit);
      edits.push([expression.getEnd(), '))']);
      return;
    }
    if (isCalledBack(node)) {
      const step = number(node, CALLED);
      const { body } = node;
      if (ts.isBlock(body)) {
        edits.push([body.getStart(tree) + 1, `${GLOBAL}.called(${step});`]);
        ts.forEachChild(node, visit);
      } else {
        edits.push([body.getStart(tree), `(${GLOBAL}.called(${step}), `]);
        ts.forEachChild(node, visit);
        edits.push([body.getEnd(), ')']);
      }
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { source: applied(source, edits), steps };
}

/** A function that is handed to another, or a method that by its name hears of something. */
function isCalledBack(node: ts.Node): node is ts.Node & { readonly body: ts.ConciseBody } {
  if (ts.isMethodDeclaration(node)) return node.body !== undefined && /^#?on[A-Z]/.test(node.name.getText());
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  const { parent } = node;
  if (!ts.isCallExpression(parent) || !parent.arguments.includes(node)) return false;
  const { expression } = parent;
  return !(ts.isPropertyAccessExpression(expression) && AT_ONCE.has(expression.name.text));
}

/** Edits are in the order of their places, except that an end comes after what is inside. */
function applied(source: string, edits: readonly Edit[]): string {
  const ordered = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit[0] - b.edit[0] || a.index - b.index);
  let text = '';
  let from = 0;
  for (const { edit } of ordered) {
    text += source.slice(from, edit[0]) + edit[1];
    from = edit[0];
  }
  return text + source.slice(from);
}
