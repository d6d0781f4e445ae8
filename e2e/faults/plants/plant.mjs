// Started with `node --import plant.mjs?name=...`: replaces an exact text in one built module as it is loaded.
import { register } from 'node:module';

const name = new URL(import.meta.url).searchParams.get('name');
register('./replace.mjs', import.meta.url, { data: { name } });
