import { BhorError } from '../../core/errors.js';
const encryptedModes = ['require', 'verify-ca', 'verify-full'];
/**
 * Refuses an address that would send the password and every row in clear over a network.
 *
 * @throws BhorError `config_invalid`; the message names the host and nothing else of the address
 */
export function checkAddress(address) {
    let url;
    try {
        url = new URL(address);
    }
    catch {
        throw new BhorError('config_invalid', 'The database address is not a valid postgres:// address.', {
            hint: 'Write special characters of the password as %XX.',
        });
    }
    const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
    const isLocal = host === '' || host.startsWith('/') || /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host);
    const isEncrypted = encryptedModes.includes(url.searchParams.get('sslmode') ?? '') || url.searchParams.get('ssl') === 'true';
    if (isLocal || isEncrypted)
        return;
    throw new BhorError('config_invalid', `The database on ${host} would be used without TLS.`, {
        hint: 'Add ?sslmode=verify-full to the address.',
    });
}
