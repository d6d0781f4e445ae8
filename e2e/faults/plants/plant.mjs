// Started with `node --import plant.mjs?name=...`: replaces an exact text in one built module as it is loaded.
import { register } from 'node:module';
import { edits } from './edits.mjs';

const name = new URL(import.meta.url).searchParams.get('name');
const wanted = edits[name];
if (wanted === undefined) throw new Error(`there is no plant ${name}`);
register('./replace.mjs', import.meta.url, { data: { wanted } });
