import type { Tag } from './port.ts';

/** The tag must be rebuilt before anything is granted there. The call was not granted. */
export class TagRebuild extends Error {
  override readonly name = 'TagRebuild';
  readonly tag: Tag;

  constructor(tag: Tag, reason: string) {
    super(`${tag}: ${reason}`);
    this.tag = tag;
  }
}

/** A successor owns this spool: this process must stop, since what it settles from now on is settled by the other. */
export class Superseded extends Error {
  override readonly name = 'Superseded';

  constructor() {
    super('another process has taken this spool over');
  }
}
