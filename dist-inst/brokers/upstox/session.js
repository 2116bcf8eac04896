import { BhorError } from '../../core/errors.js';
import { objectOf, profileOf, required, withHeaders } from '../reading.js';
/** `Authorization: Bearer access_token` */
export function sign(request, { tokens }) {
    return withHeaders(request, {
        accept: 'application/json',
        authorization: `Bearer ${required(tokens, 'access')}`,
    });
}
/** The profile. Never the candles: they answer without any token. */
export const probe = {
    request: () => ({ method: 'GET', host: 'api', path: '/v2/user/profile' }),
    read: ({ json }) => {
        const data = objectOf(objectOf(json)?.data);
        if (!data)
            throw new BhorError('bad_token_shape', 'Upstox called it a success and sent no profile.');
        return profileOf('Upstox', data);
    },
};
/** Ends the access token. The extended token lives on, and nothing can end it. */
export const logout = {
    request: (session) => sign({ method: 'DELETE', host: 'api', path: '/v2/logout' }, session),
};
