/** An OpenAPI path template made ready for matching. `literals` counts fixed segments: more of them is more specific. */
export interface PathTemplate {
  readonly template: string;
  readonly literals: number;
  matches(path: string): boolean;
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
  return { template, literals, matches: (path) => pattern.test(path) };
}

/** Whether a template has parameters at all. */
export function isTemplated(template: string): boolean {
  return template.includes('{');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
