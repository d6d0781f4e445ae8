import { describe, expect, it } from 'vitest';
import { Router } from './router.ts';

const router = new Router(
  [
    ['GET', '/users/{id}'],
    ['GET', '/users/me'],
    ['DELETE', '/users/{id}'],
    ['GET', '/users/{id}/files/{name}.json'],
    ['GET', '/users/{id}/{kind}/latest'],
    ['GET', '/users/{id}/files/latest'],
    ['HEAD', '/probe'],
    ['GET', '/probe'],
    ['POST', '/v1/chat/completions'],
    ['GET', '/'],
  ].map(([method = '', pathTemplate = '']) => ({ method, pathTemplate })),
);
const matched = (method: string, path: string) => {
  const reply = router.match(method, path);
  return reply.kind === 'matched' ? `${reply.route.method} ${reply.route.pathTemplate}` : reply;
};

describe('router', () => {
  it.each([
    ['GET', '/users/me', 'GET /users/me'],
    ['GET', '/users/42', 'GET /users/{id}'],
    ['DELETE', '/users/me', 'DELETE /users/{id}'],
    ['DELETE', '/users/ME', 'DELETE /users/{id}'],
    ['GET', '/users/You;a=b', 'GET /users/{id}'],
    ['GET', '/users/42/files/latest', 'GET /users/{id}/files/latest'],
    ['GET', '/users/42/notes/latest', 'GET /users/{id}/{kind}/latest'],
    ['GET', '/users/42/files/a.b.json', 'GET /users/{id}/files/{name}.json'],
    ['HEAD', '/users/42', 'GET /users/{id}'],
    ['HEAD', '/probe', 'HEAD /probe'],
    ['GET', '/', 'GET /'],
  ])('%s %s goes to %s', (method, path, expected) => {
    expect(matched(method, path)).toBe(expected);
  });

  it.each([
    ['GET', '/users'],
    ['GET', '/users/'],
    ['GET', '/users/a/b'],
    ['GET', '/USERS/me'],
    ['GET', '/users/me/'],
    ['GET', '/users/42/files/xjson'],
    ['POST', '/v1/chat/completions/'],
    ['GET', '/users/ME'],
    ['GET', '/users/me;a=b'],
    ['GET', '/users/Me;a'],
    ['HEAD', '/users/ME'],
    ['GET', '/users/42/FILES/latest'],
    ['GET', '/users/42/files;a/latest'],
  ])('%s %s goes nowhere', (method, path) => {
    expect(matched(method, path)).toEqual({ kind: 'unknown' });
  });

  it('tells which methods a path takes', () => {
    expect(matched('POST', '/users/me')).toEqual({ kind: 'method-not-allowed', allow: ['DELETE', 'GET', 'HEAD'] });
    expect(matched('HEAD', '/v1/chat/completions')).toEqual({ kind: 'method-not-allowed', allow: ['POST'] });
  });
});
