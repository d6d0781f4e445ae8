import { posix } from 'node:path';
import { importProblem, isTestPath, ruleOf } from './import-rules.ts';
import { sourceFiles, textOf } from './source-files.ts';

/** One import statement of one file. */
export interface ImportEdge {
  readonly from: string;
  readonly specifier: string;
}

/** What a walk over the sources saw. */
export interface ImportGraph {
  /** Files seen, by folder of the import table. */
  readonly filesByFolder: ReadonlyMap<string, readonly string[]>;
  readonly edges: readonly ImportEdge[];
}

const STATEMENT = /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])([^'"\n]+)\1|^\s*import\s*(['"])([^'"\n]+)\3/gm;
const CALL = /\b(?:import|require)\(\s*(['"])([^'"\n]+)\1\s*[,)]/g;
const TYPE_ONLY = /^\s*(?:import|export)\s+type\b/;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** The specifiers that a source text imports: statements first, then calls. `values` leaves `import type` out. */
export function specifiersOf(text: string, what: 'all' | 'values' = 'all'): readonly string[] {
  const code = text.replace(COMMENT, '');
  const found = [...code.matchAll(STATEMENT)].filter((match) => what === 'all' || !TYPE_ONLY.test(match[0]));
  const statements = found.map((match) => match[2] ?? match[4] ?? '');
  const calls = [...code.matchAll(CALL)].map((match) => match[2] ?? '');
  return [...statements, ...calls];
}

/** Reads every source file that the import table covers. */
export function readImportGraph(): ImportGraph {
  const filesByFolder = new Map<string, string[]>();
  const edges: ImportEdge[] = [];
  for (const from of sourceFiles()) {
    const folder = ruleOf(from)?.folder;
    if (folder === undefined) continue;
    filesByFolder.set(folder, [...(filesByFolder.get(folder) ?? []), from]);
    edges.push(...specifiersOf(textOf(from)).map((specifier) => ({ from, specifier })));
  }
  return { filesByFolder, edges };
}

/** Imports that the table forbids, one line each. */
export function violationsOf(graph: ImportGraph): readonly string[] {
  return graph.edges.flatMap(({ from, specifier }) => {
    const problem = importProblem(from, specifier);
    return problem === null ? [] : [`${from}: ${problem}`];
  });
}

/** The names of packages that each folder's sources import; tests are left out, since they may use the test package. */
export function packageEdges(graph: ImportGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { from, specifier } of graph.edges) {
    const folder = ruleOf(from)?.folder;
    const target = /^@tollwright\/([^/]+)/.exec(specifier)?.[1];
    if (folder === undefined || target === undefined || isTestPath(from)) continue;
    const own = posix.basename(folder);
    if (own === target) continue;
    edges.set(own, (edges.get(own) ?? new Set()).add(target));
  }
  return edges;
}

/** Which file each file imports values from, by relative imports. */
export function fileEdges(graph: ImportGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const files = [...graph.filesByFolder.values()].flat();
  return new Map(
    files.map((from) => {
      const relative = specifiersOf(textOf(from), 'values').filter((specifier) => specifier.startsWith('.'));
      return [from, new Set(relative.map((specifier) => posix.join(posix.dirname(from), specifier)))];
    }),
  );
}

/** The first ring in a graph, from its first node back to it; `null` when there is none. */
export function cycleOf(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): readonly string[] | null => {
    const at = path.indexOf(node);
    if (at !== -1) return [...path.slice(at), node];
    if (done.has(node)) return null;
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return null;
}
