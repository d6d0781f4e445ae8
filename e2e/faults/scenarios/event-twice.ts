import { randomBytes } from 'node:crypto';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import { stateAs } from '../store.ts';

const CALLS = 20;

/** An event id counts once, whichever way it comes and whatever time it says. */
export const eventTwice: Scenario = {
  name: 'event-twice',
  about: 'Every event of a gateway comes again through another spool, under a later time.',
  async run(scene) {
    const { stage } = scene;
    const { state } = stage;
    const { expect, failures } = new Expectations();
    const gateway = await scene.gateway('a');
    const account = await scene.account('tokens', 900_000_000_000n);
    // The worker waits, so that the events can be read on their way.
    stage.worker.signal('SIGSTOP');
    const answers = await Promise.all(Array.from({ length: CALLS }, () => scene.call(gateway, account)));
    const made = answers.filter(({ status }) => status === 200).length;
    expect(made === CALLS, `${made} of ${CALLS} calls were made`);
    const items = await eventually('the gateway ships', 30_000, async () => {
      const found = (await Promise.all((await state.inbox.pending()).map((id) => state.inbox.read(id, 0, 1_000))))
        .flat()
        .flatMap(({ item }) => (item?.kind === 'usage' && item.event.customerId === account.customerId ? [item] : []));
      return found.length >= CALLS ? found : null;
    }).finally(() => stage.worker.signal('SIGCONT'));
    const spoolId = `spl_again${randomBytes(6).toString('hex')}`;
    const gateways = stateAs(stage.store, 'tollwright_gateway');
    const appended = gateways.inbox.append(
      spoolId,
      items.map(({ event }, index) => ({
        sequence: index + 1,
        item: {
          kind: 'usage',
          event: { ...event, occurredAt: new Date(Date.parse(event.occurredAt) + 1_000).toISOString() },
        },
      })),
    );
    await appended.finally(() => gateways.close());
    await eventually('the second delivery is taken in', 30_000, async () =>
      (await state.inbox.watermark(spoolId)) >= items.length ? true : null,
    );
    return { attempts: CALLS, counted: [{ account }], raw: { made, delivered: CALLS + items.length }, failures };
  },
};
