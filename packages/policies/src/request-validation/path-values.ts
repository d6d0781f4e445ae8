/** Reads the parameters of a path that matched a template, decoded. What does not decode stays as it came. */
export function pathReader(template: string): (path: string) => Record<string, string> {
  const names: string[] = [];
  const source = template
    .split(/(\{[^}]*\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part.slice(1, -1));
      return '([^/]+)';
    })
    .join('');
  const pattern = new RegExp(`^${source}$`);
  return (path) => {
    const found = pattern.exec(path);
    const values = names.map((name, index) => [name, decoded(found?.[index + 1] ?? '')] as const);
    return Object.fromEntries(values);
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
