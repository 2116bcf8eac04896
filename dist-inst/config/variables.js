import { BhorError } from '../core/errors.js';
import { printable } from '../core/redact.js';
import { nearest, options } from './options.js';
/** What `bhor token --format env` prints. Whoever has loaded that still gets to run bhor. */
export const tokenVariables = {
    account: 'BHOR_ACCOUNT',
    accessToken: 'BHOR_ACCESS_TOKEN',
    apiKey: 'BHOR_API_KEY',
    baseUrl: 'BHOR_BASE_URL',
    userId: 'BHOR_USER_ID',
    expiresAt: 'BHOR_EXPIRES_AT',
};
const known = options.map((option) => option.env);
const passed = Object.values(tokenVariables);
/** @throws BhorError `config_invalid` for a `BHOR_…` variable that is no option, naming the nearest one */
export function refuseUnknownVariables(env) {
    for (const name of Object.keys(env)) {
        if (!name.startsWith('BHOR_') || known.includes(name) || passed.includes(name))
            continue;
        const near = nearest(name, known);
        throw new BhorError('config_invalid', `The variable ${printable(name, 60)} is not known.`, near ? { hint: `Did you mean ${near}?` } : {});
    }
}
