import { BhorError } from '../core/errors.js';
import { printable } from '../core/redact.js';
const loaders = {
    kite: async () => (await import('./kite/index.js')).kite,
    upstox: async () => (await import('./upstox/index.js')).upstox,
};
/** The id of every broker that bhor has an adapter for, in alphabetical order. */
export const brokerIds = Object.keys(loaders).sort();
/**
 * The adapter of that id; an adapter that nobody uses is never loaded.
 *
 * @throws BhorError `broker_not_found` with the known ids
 */
export async function loadBroker(id) {
    if (Object.hasOwn(loaders, id))
        return loaders[id]();
    const known = brokerIds.join(', ');
    throw new BhorError('broker_not_found', `There is no broker “${printable(id, 40)}”. Known brokers: ${known}.`, {
        hint: `Use one of: ${known}.`,
    });
}
