const planted = [];

/** `wanted`: what is replaced in which built file, as in edits.mjs. */
export function initialize({ wanted }) {
  planted.push(...wanted);
}

/** Throws where the text is not there exactly once: a plant that takes no root would prove nothing. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  const wanted = planted.filter(({ file }) => url.endsWith(`/${file}`));
  if (wanted.length === 0) return loaded;
  let source = Buffer.from(loaded.source).toString();
  for (const { file, text, replacement } of wanted) {
    const parts = source.split(text);
    if (parts.length !== 2) throw new Error(`${file} holds the text to replace ${parts.length - 1} times: ${text}`);
    source = parts.join(replacement);
  }
  return { ...loaded, source };
}
