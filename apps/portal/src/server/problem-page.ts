import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROBLEM_SLUGS, type ProblemSlug } from '@tollwright/core';

export function isProblemSlug(slug: string): slug is ProblemSlug {
  return (PROBLEM_SLUGS as readonly string[]).includes(slug);
}

/** The page of a problem type, read while the portal is built. */
export function problemPage(slug: ProblemSlug): Promise<string> {
  return readFile(path.join(process.cwd(), '../../docs/problems', `${slug}.md`), 'utf8');
}
