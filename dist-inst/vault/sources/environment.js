import { BhorError } from '../../core/errors.js';
import { parseMasterKey } from '../master-key.js';
const name = 'environment';
/**
 * A key in an environment variable: child processes and `/proc` see it, so only where the operator said so.
 *
 * @param value the variable's value
 * @param allowed whether the operator allowed it
 */
export function environmentSource({ value, allowed }) {
    return {
        name,
        async load() {
            if (!allowed) {
                throw new BhorError('key_unusable', 'The master key stands in the environment, which other programs can read.', {
                    hint: 'Put it into a file, or allow it with BHOR_ALLOW_ENV_KEY=true.',
                });
            }
            return parseMasterKey(Buffer.from(value, 'utf8'), name);
        },
    };
}
