import { tokenVariables } from '../config/variables.js';
import { BhorError } from '../core/errors.js';
import { pathOf } from './account-path.js';
/** `bhor token`: the session of an account as text for a script. */
export async function tokenText(client, wish) {
    const query = [
        ...(wish.minLife === undefined ? [] : [`min_life=${encodeURIComponent(wish.minLife)}`]),
        ...(wish.kind === undefined ? [] : [`kind=${encodeURIComponent(wish.kind)}`]),
    ].join('&');
    const path = `${pathOf(wish.account)}/session${query ? `?${query}` : ''}`;
    const handOut = (await client.request('GET', path));
    if (wish.format === 'json')
        return JSON.stringify(handOut, null, 2);
    if (wish.format === 'raw')
        return handOut.accessToken;
    return Object.entries(tokenVariables)
        .map(([field, name]) => `${name}='${handOut[field].replaceAll("'", "'\\''")}'`)
        .join('\n');
}
/** The plain uses of `bhor token`; undefined for anything that wants the full parser (help, mistakes). */
export function readTokenArguments(args) {
    // A secret on a command line: the full parser refuses it.
    if (args.some((arg) => /bhor_[\w-]{43}/.test(arg)))
        return undefined;
    let account;
    const wish = { format: 'raw' };
    for (let i = 0; i < args.length; i++) {
        const arg = args[i];
        const [name, inline] = arg.startsWith('--') ? arg.split('=', 2) : [arg];
        if (!arg.startsWith('-') && account === undefined)
            account = arg;
        else if (name === '--format' || name === '--min-life' || name === '--kind') {
            const value = inline ?? args[++i];
            if (value === undefined)
                return undefined;
            if (name === '--min-life')
                wish.minLife = value;
            else if (name === '--kind')
                wish.kind = value;
            else if (value === 'raw' || value === 'json' || value === 'env')
                wish.format = value;
            else
                return undefined;
        }
        else if (arg === '--json')
            wish.format = 'json';
        else
            return undefined;
    }
    return account === undefined ? undefined : { account, ...wish };
}
/** The formats by name, or an error that lists them. */
export function tokenFormat(text) {
    if (text === 'raw' || text === 'json' || text === 'env')
        return text;
    throw new BhorError('usage', 'The format is raw, json or env.');
}
