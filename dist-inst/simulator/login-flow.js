import { textOf } from './call.js';
import { page, passwordPage, totpPage } from './pages.js';
import { totpMatches } from './totp.js';
/** Opens a login for the app and shows the first page. `carried` is what the redirect will need. */
export function openLogin(world, style, apiKey, carried) {
    return passwordPage(style, world.logins.start(apiKey, carried), world.users.shown());
}
/** Takes one submitted form: cancel, one tap as a known user, user id and password, or TOTP (and PIN). */
export function continueLogin(world, style, call) {
    const login = world.logins.get(textOf(call.fields, 'sess_id'));
    if (!login)
        return shown(page('Session expired', '<p role="alert">This login is too old. Start it again.</p>', style.accent, 400));
    if (textOf(call.fields, 'cancel'))
        return { kind: 'cancelled', login };
    const demo = world.users.get(textOf(call.fields, 'demo'));
    if (demo)
        return complete(login, demo.userId);
    return login.userId
        ? secondStep(world, style, call, login, login.userId)
        : firstStep(world, style, call, login);
}
function firstStep(world, style, call, login) {
    const user = world.users.get(textOf(call.fields, 'user_id').trim().toUpperCase());
    if (!user || user.password !== textOf(call.fields, 'password')) {
        return shown(passwordPage(style, login, world.users.shown(), 'Invalid user id or password.'));
    }
    login.userId = user.userId;
    return shown(totpPage(style, login, user, world.now()));
}
function secondStep(world, style, call, login, userId) {
    const user = world.users.get(userId);
    const isRight = totpMatches(user.totpSeed, textOf(call.fields, 'totp').trim(), world.now());
    if (!isRight)
        return shown(totpPage(style, login, user, world.now(), 'Invalid TOTP.'));
    if (user.pin && user.pin !== textOf(call.fields, 'pin')) {
        return shown(totpPage(style, login, user, world.now(), 'Invalid PIN.'));
    }
    return complete(login, userId);
}
function complete(login, userId) {
    login.userId = userId;
    login.isComplete = true;
    return { kind: 'complete', login, userId };
}
const shown = (answer) => ({ kind: 'page', answer });
