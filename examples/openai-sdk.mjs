import OpenAI from 'openai';
import { agentKey, baseUrl } from './local.mjs';

const openai = new OpenAI({ apiKey: agentKey, baseURL: `${baseUrl}/v1` });
const messages = [{ role: 'user', content: 'Say hello to the gateway.' }];

const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', max_tokens: 20, messages });
console.log(answer.choices[0].message.content, answer.usage);

const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', max_tokens: 20, messages, stream: true });
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
process.stdout.write('\n');
