import { agentKey, baseUrl } from './local.mjs';

const response = await fetch(`${baseUrl}/v1/chat/completions`, {
  method: 'POST',
  headers: { authorization: `Bearer ${agentKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 20, messages: [{ role: 'user', content: 'hello' }] }),
});
const body = await response.json();

if (response.ok) {
  console.log(body.choices[0].message.content);
  console.log('usage', body.usage, '· limits', response.headers.get('ratelimit'));
} else {
  // problem+json: `type` names the problem, `detail` says what ran out, Retry-After when to come back.
  console.error(`${response.status} ${body.title}: ${body.detail}`);
  console.error(body.hint, 'Retry-After:', response.headers.get('retry-after'));
  process.exitCode = 1;
}
