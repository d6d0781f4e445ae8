/** An OpenAPI path template made ready for matching. `literals` counts fixed segments: more of them is more specific. */
export interface PathTemplate {
  readonly template: string;
  readonly literals: number;
  matches(path: string): boolean;
  /** The same for a server that knows no case. */
  matchesLoosely(path: string): boolean;
}

/** Compiles `/users/{id}`. A parameter is a part of one segment and never empty. */
export function compileTemplate(template: string): PathTemplate {
  const segments = template.split('/');
  const literals = segments.filter((segment) => !segment.includes('{')).length;
  const source = segments
    .map((segment) =>
      segment
        .split(/\{[^}]*\}/)
        .map(literal)
        .join('[^/]+'),
    )
    .join('/');
  const pattern = new RegExp(`^${source}$`);
  const loose = new RegExp(`^${source}$`, 'i');
  return {
    ...{ template, literals },
    matches: (path) => pattern.test(path),
    matchesLoosely: (path) => loose.test(path),
  };
}

/** A path as servers read it that know no case and cut each segment at its semicolon. */
export function loosePath(path: string): string {
  return path.replace(/;[^/]*/g, '').toLowerCase();
}

/** Whether a template has parameters at all. */
export function isTemplated(template: string): boolean {
  return template.includes('{');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
