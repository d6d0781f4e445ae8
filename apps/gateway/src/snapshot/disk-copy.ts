import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^([A-Za-z0-9_-]{1,64})\.json$/;

/** The last good snapshot of each API on disk, so that a gateway can start while the store is away. */
export class SnapshotDisk {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async write(apiId: string, json: string): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const path = join(this.#dir, `${apiId}.json`);
    const temporary = `${path}.${process.pid}.new`;
    await writeFile(temporary, json, { mode: 0o600 });
    await rename(temporary, path);
  }

  async forget(apiId: string): Promise<void> {
    await rm(join(this.#dir, `${apiId}.json`), { force: true });
  }

  /** Every stored snapshot; a folder that is not there is empty. */
  async readAll(): Promise<string[]> {
    const names = await readdir(this.#dir).catch(() => []);
    const paths = names.filter((name) => NAME.test(name)).map((name) => join(this.#dir, name));
    return Promise.all(paths.map((path) => readFile(path, 'utf8')));
  }
}
