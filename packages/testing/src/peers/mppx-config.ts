import { mppxPayers } from './env.ts';
import { loadMppx } from './mppx.ts';
import { mppxKnownEvm, mppxStripe, mppxTempo, mppxTempoSession } from './mppx-methods.ts';

const mppx = await loadMppx();
const payers = mppxPayers();

/** What the CLI of mppx reads where MPPX_CONFIG names this file. */
export default {
  methods: [
    mppxKnownEvm(mppx, payers.evm),
    mppxTempo(mppx, payers.tempo),
    mppxTempoSession(mppx, payers.tempo, '5'),
    mppxStripe(mppx, payers.stripe),
  ],
};
