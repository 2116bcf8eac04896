import { jsonAnswer } from '../answer.js';
import { statusOf } from './unverified.js';
/** The envelope of every Upstox error; the camelCase names are deprecated and still sent. */
export function upstoxError(status, code, message, property = null, invalid = null) {
    return jsonAnswer(status, {
        status: 'error',
        errors: [
            {
                errorCode: code,
                message,
                propertyPath: property,
                invalidValue: invalid,
                error_code: code,
                property_path: property,
                invalid_value: invalid,
            },
        ],
    });
}
export function upstoxSuccess(data, more = {}) {
    return jsonAnswer(200, { status: 'success', data, ...more });
}
const wordedErrors = {
    UDAPI100057: 'Invalid Auth code',
    UDAPI100068: "Check your 'client_id' and 'redirect_uri'; one or both are incorrect.",
    UDAPI100069: "Check your 'client_id' and 'client_secret'; one or both are incorrect.",
    UDAPI100070: "The 'redirect_uri' does not match the registered one.",
    UDAPI100016: 'Invalid Credentials',
};
/** An error of the login, in the words of the error table. */
export const loginError = (code) => upstoxError(statusOf[code], code, wordedErrors[code]);
export const deadToken = () => upstoxError(401, 'UDAPI100050', 'Invalid token used to access API');
export const notForExtended = () => upstoxError(403, 'UDAPI100067', 'The API you are trying to access is not permitted with an extended_token');
export const notAcceptable = () => upstoxError(406, 'UDAPI100036', 'Invalid Input', 'Accept');
export function upstoxRefusal(refusal, status) {
    switch (refusal) {
        case 'rate_limited':
            return upstoxError(429, 'UDAPI10005', 'Too Many Request Sent');
        case 'ip_refused':
            return upstoxError(403, 'UDAPI1154', 'configured static IP (192.0.2.1) does not match origin IP (127.0.0.1)');
        case 'unavailable':
            return upstoxError(status ?? 500, 'UDAPI100500', 'Something went wrong... please contact us');
    }
}
