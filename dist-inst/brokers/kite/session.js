import { profileOf, required, textOf, userIdOf, withHeaders } from '../reading.js';
import { dataOf, grantOf, signedForm, versionHeader } from './login.js';
/** `Authorization: token api_key:access_token` */
export function sign(request, { app, tokens }) {
    const authorization = `token ${required(app, 'apiKey')}:${required(tokens, 'access')}`;
    return withHeaders(request, { ...versionHeader, authorization });
}
/** The profile. Never the instruments: they answer with a dead token too (kite.trade/forum comment 48095). */
export const probe = {
    request: () => ({ method: 'GET', host: 'api', path: '/user/profile' }),
    read: ({ json }) => profileOf('Kite', dataOf(json)),
};
/** In every official client and in no documentation; it works only where the exchange gave a refresh token. */
export const renewal = {
    needs: 'refresh',
    request: ({ app, tokens }) => ({
        method: 'POST',
        host: 'api',
        path: '/session/refresh_token',
        headers: versionHeader,
        body: { form: signedForm(app, 'refresh_token', required(tokens, 'refresh')) },
    }),
    read: ({ json }, { now }) => {
        const data = dataOf(json);
        const userId = textOf(data.user_id);
        return { ...grantOf(data, now), ...(userId ? { userId: userIdOf('Kite', userId) } : {}) };
    },
};
/** Ends this session only: Kite web and the mobile app stay logged in. The token travels in the query. */
export const logout = {
    request: ({ app, tokens }) => ({
        method: 'DELETE',
        host: 'api',
        path: '/session/token',
        query: [
            ['api_key', required(app, 'apiKey')],
            ['access_token', required(tokens, 'access')],
        ],
        headers: versionHeader,
    }),
};
