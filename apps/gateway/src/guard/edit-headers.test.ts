import { describe, expect, it } from 'vitest';
import { editHeaders } from './edit-headers.ts';

const edit = (name: string, value: string | null, side: 'request' | 'response' = 'request') => ({ side, name, value });

describe('edited headers', () => {
  it('lose every line of a stripped name, in any case', () => {
    expect(editHeaders(['X-A', '1', 'x-b', '2', 'x-a', '3'], [edit('x-a', null)], 'request')).toEqual(['x-b', '2']);
  });

  it('get a set value in place of what was there', () => {
    expect(editHeaders(['X-A', '1', 'x-b', '2'], [edit('x-a', '9')], 'request')).toEqual(['x-b', '2', 'x-a', '9']);
  });

  it('of the other side stay, and the list that came is not changed', () => {
    const flat = ['x-a', '1'];
    expect(editHeaders(flat, [edit('x-a', null, 'response')], 'request')).toBe(flat);
    editHeaders(flat, [edit('x-a', null), edit('x-c', '2')], 'request');
    expect(flat).toEqual(['x-a', '1']);
  });
});
