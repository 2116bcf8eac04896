import { jsonAnswer } from '../answer.js';
import { ipRefusedType, unknownAppMessage, unknownAppStatus } from './unverified.js';
export function kiteError(status, type, message) {
    return jsonAnswer(status, { status: 'error', message, data: null, error_type: type });
}
export function kiteSuccess(data) {
    return jsonAnswer(200, { status: 'success', data });
}
export const inputError = (message) => kiteError(400, 'InputException', message);
export const unknownApp = () => kiteError(unknownAppStatus, 'InputException', unknownAppMessage);
/** Any call with a dead or wrong token. */
export const deadToken = () => kiteError(403, 'TokenException', 'Incorrect `api_key` or `access_token`.');
/** The exchange: kite.trade/forum/discussion/3016. */
export const badChecksum = () => kiteError(403, 'TokenException', 'Invalid `checksum`.');
/** The exchange with a `request_token` that was used or is too old. */
export const badGrant = () => kiteError(403, 'TokenException', 'Token is invalid or has expired.');
export function kiteRefusal(refusal, status) {
    switch (refusal) {
        case 'rate_limited':
            return kiteError(429, 'NetworkException', 'Too many requests');
        case 'ip_refused':
            return kiteError(403, ipRefusedType, 'IP (127.0.0.1) is not allowed to place orders for this app. Update allowed IPs on the Kite developer console. Learn more - https://support.zerodha.com/static-ip');
        case 'unavailable':
            return kiteError(status ?? 502, 'NetworkException', 'The order management system is not reachable.');
    }
}
