/** A chat request of 1 KB. */
export const CHAT_BODY = JSON.stringify({
  model: 'bench-small',
  max_tokens: 400,
  messages: [{ role: 'user', content: 'x'.repeat(900) }],
});

/** The same, answered as a stream. */
export const STREAM_BODY = JSON.stringify({
  model: 'bench-small',
  max_tokens: 400,
  stream: true,
  messages: [{ role: 'user', content: 'x'.repeat(900) }],
});

/** A conversation of 16 KB in 32 messages. */
export const VALIDATED_BODY = JSON.stringify({
  model: 'bench-small',
  max_tokens: 400,
  messages: Array.from({ length: 32 }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: 'x'.repeat(470),
  })),
});
