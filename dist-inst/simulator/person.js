import { BhorError } from '../core/errors.js';
import { printable } from '../core/redact.js';
/**
 * Walks the login pages as a person with one tap would, without a browser and without a socket: no call is
 * recorded and no fault strikes.
 *
 * @returns the address of the app where the browser ends, with the one-time code
 * @throws BhorError `login_refused` when the broker sends the person nowhere
 */
export function logInAs(broker, prefix, loginUrl, person) {
    const [userId] = person.userId ? [person.userId] : broker.world.users.shown().map((user) => user.userId);
    const visit = (method, at, fields = {}) => {
        const { pathname, searchParams } = new URL(at);
        const path = pathname.slice(new URL(prefix).pathname.length);
        return broker.answer({
            method,
            path,
            query: searchParams,
            headers: {},
            body: '',
            fields,
            grantsWrongUser: false,
        });
    };
    if (!loginUrl.startsWith(`${prefix}/`))
        throw new BhorError('login_refused', 'This is no login page of the simulator.');
    let answer = visit('GET', loginUrl);
    const [, id] = /name="sess_id" value="([^"]+)"/.exec(answer.body) ?? [];
    if (!id)
        throw refused(answer);
    answer = visit('POST', loginUrl, { sess_id: id, ...(person.cancels ? { cancel: '1' } : { demo: userId }) });
    for (let at = loginUrl;; answer = visit('GET', at)) {
        if (answer.status !== 302)
            throw refused(answer);
        at = new URL(answer.headers.location, at).href;
        if (!at.startsWith(`${prefix}/`))
            return at;
    }
}
function refused(answer) {
    return new BhorError('login_refused', `The simulated broker refuses this login: ${printable(answer.body)}`);
}
