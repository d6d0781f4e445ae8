import { describe, expect, it } from 'vitest';
import {
  curlSnippet,
  envSnippet,
  exampleRoute,
  fetchSnippet,
  openaiSnippet,
  snippetTarget,
  strangerSnippet,
  x402Snippet,
} from './snippets.ts';

const route = (method: string, pathTemplate: string) => ({
  id: pathTemplate,
  operationId: pathTemplate,
  method,
  pathTemplate,
  summary: '',
  strangerPriceNanoUsd: null,
  strangerPriceIsCeiling: false,
  meters: [],
});
const api = { baseUrl: 'https://gateway.example/acme/llm' };
const chat = snippetTarget(api, route('POST', '/v1/chat/completions'), 'small');
const weather = snippetTarget(api, route('GET', '/v1/weather/{city}'), 'small');

describe('exampleRoute', () => {
  it('prefers a chat, then a route without a body', () => {
    const routes = [route('DELETE', '/a'), route('GET', '/b'), route('POST', '/v1/chat/completions')];
    expect(exampleRoute(routes)?.pathTemplate).toBe('/v1/chat/completions');
    expect(exampleRoute(routes.slice(0, 2))?.pathTemplate).toBe('/b');
    expect(exampleRoute([])).toBeUndefined();
  });
});

describe('snippetTarget', () => {
  it('gives OpenAI clients the part before the chat route', () => {
    expect(chat.openaiBaseUrl).toBe('https://gateway.example/acme/llm/v1');
    expect(weather.openaiBaseUrl).toBeNull();
  });

  it('fills path parameters with their names', () => {
    expect(weather.path).toBe('/v1/weather/city');
  });
});

describe('snippets', () => {
  it('send a body with a chat only', () => {
    expect(curlSnippet(chat, 'k')).toContain(`-d '{"model":"small","messages":`);
    expect(curlSnippet(weather, 'k')).toBe(
      "curl https://gateway.example/acme/llm/v1/weather/city \\\n  -H 'Authorization: Bearer k'",
    );
    expect(fetchSnippet(weather)).not.toContain('body:');
    expect(x402Snippet(weather)).not.toContain('method:');
    expect(x402Snippet(chat)).toContain("method: 'POST'");
  });

  it.each([
    ['fetch', fetchSnippet(chat)],
    ['fetch without a body', fetchSnippet(weather)],
    ['openai', openaiSnippet(chat.openaiBaseUrl ?? '', 'small')],
    ['x402', x402Snippet(weather)],
    ['x402 with a body', x402Snippet(chat)],
  ])('%s is a program that parses', (_, code) => {
    const body = code.replace(/^import .*$/gm, '');
    expect(() => new Function(`return async () => {${body}}`)).not.toThrow();
  });

  it('ask for the price without a key', () => {
    expect(strangerSnippet(weather)).toBe('curl -i https://gateway.example/acme/llm/v1/weather/city');
  });

  it('name the variables that OpenAI clients read', () => {
    expect(envSnippet(chat, 'k')).toBe('OPENAI_API_KEY=k\nOPENAI_BASE_URL=https://gateway.example/acme/llm/v1');
    expect(envSnippet(weather, 'k')).toBe('AGENT_KEY=k\nAGENT_BASE_URL=https://gateway.example/acme/llm');
    expect(openaiSnippet(chat.openaiBaseUrl ?? '', 'small')).toContain(
      "baseURL: 'https://gateway.example/acme/llm/v1'",
    );
  });
});
