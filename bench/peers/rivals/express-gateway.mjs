// express-gateway with a key and a rate limit, its users in the memory of the process. Nothing is metered or charged.
import gateway from 'express-gateway';

await gateway().load(process.env.CONFIG_DIR).run();
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
