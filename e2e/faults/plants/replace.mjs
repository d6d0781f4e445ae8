import { edits } from './edits.mjs';

let planted = [];

export function initialize({ name }) {
  planted = edits[name];
  if (planted === undefined) throw new Error(`there is no plant ${name}`);
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
