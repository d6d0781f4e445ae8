import { describe, expect, it } from 'vitest';
import { markdownBlocks } from './markdown-blocks.ts';

describe('markdownBlocks', () => {
  it('takes tables out and leaves the rest as it is', () => {
    const page =
      '# Title\n\nSome `text`\n\n| option | what |\n| --- | :-: |\n| `a` | x \\| y |\n\nOn.\n\n| b |\n|--|\n| c |\n';
    expect(markdownBlocks(page)).toEqual([
      { kind: 'text', markdown: '# Title\n\nSome `text`\n\n' },
      { kind: 'table', head: ['option', 'what'], rows: [['`a`', 'x | y']] },
      { kind: 'text', markdown: '\nOn.\n\n' },
      { kind: 'table', head: ['b'], rows: [['c']] },
    ]);
  });

  it('takes a page without tables in one piece, code with empty lines too', () => {
    const page = '# Title\n\n```json\n{\n\n}\n```\n\n| a bar alone\n';
    expect(markdownBlocks(page)).toEqual([{ kind: 'text', markdown: page }]);
  });
});
