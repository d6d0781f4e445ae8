/** A part of a Markdown page: running text, or a table, whose cells are Markdown themselves. */
export type MarkdownBlock =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** Takes the tables out of a page: lines that all begin with a bar, the second of which is a rule. */
export function markdownBlocks(markdown: string): readonly MarkdownBlock[] {
  return markdown.split(TABLE).flatMap((part): MarkdownBlock[] => {
    if (part.trim() === '') return [];
    const [head, rule, ...rows] = part.trimEnd().split('\n');
    return head !== undefined && rule !== undefined && RULE.test(rule) && head.startsWith('|')
      ? [{ kind: 'table', head: cellsOf(head), rows: rows.map(cellsOf) }]
      : [{ kind: 'text', markdown: part }];
  });
}

const RULE = /^\|(?: *:?-+:? *\|)+ *$/;
const TABLE = /^(\|.*\n\|(?: *:?-+:? *\|)+ *(?:\n\|.*)*\n?)/m;

function cellsOf(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
