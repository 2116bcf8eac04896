/**
 * Every error that bhor raises on purpose, as one closed table.
 *
 * `http` is the status of the problem+json answer, `exit` the exit code of the command line
 * (product words: 1 failed, 2 usage, 3 not found, 4 login needed, 5 store or vault locked,
 * 6 broker unreachable, 7 refused by policy, 124 timeout), `retryable` whether the same call may
 * succeed later without anybody changing anything, `hint` the next step when no better one is known.
 */
export const errorTable = {
    // usage and input
    usage: { http: 400, exit: 2, retryable: false, hint: 'Run the command with --help.' },
    cancelled: { http: 400, exit: 2, retryable: false, hint: 'Start again when you are ready.' },
    secret_in_arguments: {
        http: 400,
        exit: 2,
        retryable: false,
        hint: 'Pipe the secret to stdin or name a file with --…-file: other users can see a command line.',
    },
    needs_terminal: {
        http: 400,
        exit: 2,
        retryable: false,
        hint: 'Run it in a terminal, or give the values with options and --…-file.',
    },
    bad_alias: {
        http: 422,
        exit: 2,
        retryable: false,
        hint: 'An account name is 1 to 40 of a-z, 0-9, "-" and "_", starting with a letter or digit.',
    },
    bad_field: { http: 422, exit: 2, retryable: false, hint: 'Correct the field and send it again.' },
    bad_secret: {
        http: 422,
        exit: 2,
        retryable: false,
        hint: 'Copy the secret again from the broker’s developer console.',
    },
    unknown_field: {
        http: 400,
        exit: 2,
        retryable: false,
        hint: 'Remove the field or correct its name; /openapi.json lists them.',
    },
    duplicate_field: { http: 400, exit: 2, retryable: false, hint: 'Give each field once.' },
    bad_json: { http: 400, exit: 2, retryable: false, hint: 'Send valid JSON.' },
    too_deep: { http: 400, exit: 2, retryable: false, hint: 'Send JSON that nests less.' },
    not_utf8: { http: 400, exit: 2, retryable: false, hint: 'Send UTF-8.' },
    too_large: { http: 413, exit: 2, retryable: false, hint: 'Send less.' },
    json_only: { http: 415, exit: 2, retryable: false, hint: 'Send content-type: application/json.' },
    already_exists: {
        http: 409,
        exit: 2,
        retryable: false,
        hint: 'Choose another name, or edit the existing one.',
    },
    output_exists: { http: 409, exit: 1, retryable: false, hint: 'Use --force to replace it.' },
    // finding
    not_found: { http: 404, exit: 3, retryable: false, hint: 'Check the address.' },
    account_not_found: { http: 404, exit: 3, retryable: false, hint: 'bhor accounts list shows the names.' },
    key_not_found: { http: 404, exit: 3, retryable: false, hint: 'bhor keys list shows the ids.' },
    login_not_found: { http: 404, exit: 3, retryable: false, hint: 'Start a new login.' },
    broker_not_found: { http: 422, exit: 3, retryable: false, hint: 'Known brokers: kite, upstox.' },
    // who may
    key_missing: {
        http: 401,
        exit: 7,
        retryable: false,
        hint: 'Send a client key as the bearer token of the request. Make one: bhor keys add.',
    },
    key_malformed: {
        http: 401,
        exit: 7,
        retryable: false,
        hint: 'A client key looks like bhor_ and 43 characters. Make one: bhor keys add.',
    },
    key_invalid: { http: 401, exit: 7, retryable: false, hint: 'Make a new key: bhor keys add.' },
    scope_missing: { http: 403, exit: 7, retryable: false, hint: 'Make a key with the scope that this needs.' },
    sign_in_needed: {
        http: 401,
        exit: 7,
        retryable: false,
        hint: 'Open the sign-in link that the terminal printed, or run: bhor desk.',
    },
    sign_in_link_invalid: {
        http: 401,
        exit: 7,
        retryable: false,
        hint: 'Each link works once and for 10 minutes. Get a new one: bhor desk.',
    },
    credential_in_url: {
        http: 400,
        exit: 7,
        retryable: false,
        hint: 'Never put a key into an address. Rotate this key now: bhor keys revoke.',
    },
    cross_site_blocked: {
        http: 403,
        exit: 7,
        retryable: false,
        hint: 'Call bhor from a program or from its own page, not from another web page.',
    },
    host_not_allowed: {
        http: 421,
        exit: 7,
        retryable: false,
        hint: 'Use the exact address that bhor serve printed.',
    },
    bad_target: { http: 400, exit: 2, retryable: false, hint: 'Ask for a plain path such as /v1/accounts.' },
    bad_framing: {
        http: 400,
        exit: 2,
        retryable: false,
        hint: 'Send each of Host, Authorization and Content-Length once.',
    },
    method_not_allowed: {
        http: 405,
        exit: 2,
        retryable: false,
        hint: 'See /openapi.json for the methods of each path.',
    },
    rate_limited: { http: 429, exit: 7, retryable: true, hint: 'Wait and try again.' },
    idempotency_mismatch: {
        http: 422,
        exit: 2,
        retryable: false,
        hint: 'Use a new Idempotency-Key for a new request.',
    },
    // the session
    session_none: { http: 409, exit: 4, retryable: false, hint: 'Start a login: bhor login <account>.' },
    session_expired: { http: 409, exit: 4, retryable: false, hint: 'Start a login: bhor login <account>.' },
    session_revoked: { http: 409, exit: 4, retryable: false, hint: 'Start a login: bhor login <account>.' },
    session_live: {
        http: 409,
        exit: 7,
        retryable: false,
        hint: 'Log out first: bhor logout <account>. The session belongs to the app and user that it was started with.',
    },
    session_short: {
        http: 409,
        exit: 4,
        retryable: false,
        hint: 'The session ends sooner than you asked for: log in again, or ask for less.',
    },
    needs_login: { http: 409, exit: 4, retryable: false, hint: 'Start a login: bhor login <account>.' },
    token_kind_unavailable: {
        http: 409,
        exit: 4,
        retryable: false,
        hint: 'Ask for the kind access, or log in again if the broker gives this kind.',
    },
    login_in_progress: {
        http: 409,
        exit: 1,
        retryable: true,
        hint: 'Wait for the login that is running, it lasts at most 10 minutes.',
    },
    login_expired: {
        http: 410,
        exit: 4,
        retryable: false,
        hint: 'The link is older than 10 minutes. Start a new login.',
    },
    login_used: {
        http: 409,
        exit: 4,
        retryable: false,
        hint: 'Each login link works once. Start a new login.',
    },
    login_state_invalid: { http: 400, exit: 4, retryable: false, hint: 'Start the login again from bhor.' },
    login_refused: {
        http: 403,
        exit: 4,
        retryable: false,
        hint: 'Start the login again when you are ready.',
    },
    callback_incomplete: {
        http: 400,
        exit: 4,
        retryable: false,
        hint: 'The broker’s answer was incomplete. Start the login again.',
    },
    wrong_page: {
        http: 400,
        exit: 4,
        retryable: false,
        hint: 'Paste the address of the page where the browser ended, the one that starts with your redirect URL.',
    },
    wrong_user: {
        http: 403,
        exit: 4,
        retryable: false,
        hint: 'Log in as the user whom this account belongs to. Nothing was stored.',
    },
    bad_grant: {
        http: 502,
        exit: 4,
        retryable: false,
        hint: 'The broker did not accept the login’s one-time code. Start a new login.',
    },
    answer_lost: {
        http: 502,
        exit: 4,
        retryable: false,
        hint: 'The broker’s answer was lost, the one-time code is spent. Start a new login.',
    },
    bad_token_shape: {
        http: 502,
        exit: 1,
        retryable: false,
        hint: 'The broker sent something that is not a token. Try again; if it stays, report it.',
    },
    renewal_unavailable: {
        http: 409,
        exit: 4,
        retryable: false,
        hint: 'This broker gives no refresh token to this app: the morning login is the renewal.',
    },
    generation_conflict: { http: 412, exit: 1, retryable: true, hint: 'Read the session again.' },
    // the broker
    broker_unavailable: {
        http: 503,
        exit: 6,
        retryable: true,
        hint: 'The broker does not answer properly. Try again in a minute.',
    },
    broker_timeout: {
        http: 504,
        exit: 6,
        retryable: true,
        hint: 'The broker did not answer in time. Try again in a minute.',
    },
    broker_rate_limited: {
        http: 503,
        exit: 6,
        retryable: true,
        hint: 'The broker asks to slow down. Try again in a minute.',
    },
    broker_redirect: {
        http: 502,
        exit: 6,
        retryable: false,
        hint: 'The broker answered with a redirect, which bhor never follows. Check the host in the configuration.',
    },
    broker_rejected: {
        http: 502,
        exit: 1,
        retryable: false,
        hint: 'The broker refused the request; its own message says why.',
    },
    app_invalid: {
        http: 502,
        exit: 4,
        retryable: false,
        hint: 'The broker does not know this app or its secret. Compare the API key, secret and redirect URL with the broker’s developer console.',
    },
    user_not_enabled: {
        http: 403,
        exit: 4,
        retryable: false,
        hint: 'Add this client id to the app in the broker’s developer console.',
    },
    ip_not_allowed: {
        http: 403,
        exit: 7,
        retryable: false,
        hint: 'The session is alive; the broker refuses this computer’s IP address. Update the static IP in the broker’s console.',
    },
    not_permitted: {
        http: 403,
        exit: 7,
        retryable: false,
        hint: 'This token may not do that. Ask for the kind access.',
    },
    account_locked: {
        http: 403,
        exit: 4,
        retryable: false,
        hint: 'The broker has locked the user. Unlock it on the broker’s own page.',
    },
    // store, vault, audit
    store_busy: {
        http: 503,
        exit: 5,
        retryable: true,
        hint: 'Another process holds the store. Try again in a few seconds.',
    },
    store_locked: {
        http: 503,
        exit: 5,
        retryable: true,
        hint: 'One bhor per data folder. Stop the other one first.',
    },
    store_full: { http: 507, exit: 5, retryable: true, hint: 'Free some disk space.' },
    store_readonly: { http: 503, exit: 5, retryable: true, hint: 'Make the data folder writable.' },
    store_damaged: {
        http: 503,
        exit: 5,
        retryable: false,
        hint: 'Restore a backup, or remove the account and add it again.',
    },
    store_newer: {
        http: 503,
        exit: 5,
        retryable: false,
        hint: 'This store was written by a newer bhor. Upgrade bhor.',
    },
    store_foreign: {
        http: 503,
        exit: 5,
        retryable: false,
        hint: 'The file is not a bhor store. Name another with BHOR_DATABASE_URL.',
    },
    store_unavailable: {
        http: 503,
        exit: 5,
        retryable: true,
        hint: 'Check that the database runs and that its address is right.',
    },
    permissions_too_wide: { http: 503, exit: 5, retryable: false, hint: 'chmod go-rwx the file.' },
    key_wrong: {
        http: 503,
        exit: 5,
        retryable: false,
        hint: 'Give the master key that this store was made with. Nothing was changed.',
    },
    key_unusable: {
        http: 503,
        exit: 5,
        retryable: false,
        hint: 'A master key is 32 random bytes in base64, as bhor writes it.',
    },
    key_ambiguous: { http: 503, exit: 5, retryable: false, hint: 'Keep one source of the master key.' },
    seal_broken: {
        http: 503,
        exit: 5,
        retryable: false,
        hint: 'A sealed value does not belong where it stands. Restore a backup.',
    },
    audit_unavailable: {
        http: 503,
        exit: 5,
        retryable: true,
        hint: 'Nothing leaves without its audit record. Check the disk.',
    },
    audit_broken: {
        http: 503,
        exit: 1,
        retryable: false,
        hint: 'Compare with a backup and find out who wrote to the store.',
    },
    stopping: { http: 503, exit: 1, retryable: true, hint: 'bhor is stopping. Start it again: bhor serve.' },
    // the machine
    server_unreachable: { http: 503, exit: 6, retryable: true, hint: 'Start it: bhor serve.' },
    server_version: { http: 503, exit: 1, retryable: false, hint: 'Upgrade the older of the two.' },
    config_invalid: { http: 500, exit: 2, retryable: false, hint: 'bhor config lists every option.' },
    environment_refused: { http: 500, exit: 2, retryable: false, hint: 'Unset the variable and start again.' },
    clock_wrong: {
        http: 503,
        exit: 1,
        retryable: true,
        hint: 'Set this computer’s clock. Sessions end by it, so logins wait until it is right.',
    },
    port_in_use: {
        http: 500,
        exit: 1,
        retryable: true,
        hint: 'Stop the other program or choose another port.',
    },
    runtime_too_old: {
        http: 500,
        exit: 1,
        retryable: false,
        hint: 'npm start and npm test bring the right Node themselves.',
    },
    timeout: { http: 504, exit: 124, retryable: true, hint: 'Try again with a longer --timeout.' },
    internal: {
        http: 500,
        exit: 1,
        retryable: false,
        hint: 'This is a bug in bhor. Please report it with the request id.',
    },
};
/** The one error class: a typed code, a sentence, and the next step. Messages never hold a secret. */
export class BhorError extends Error {
    name = 'BhorError';
    code;
    hint;
    facts;
    retryAfterMs;
    constructor(code, message, options = {}) {
        super(message, options.cause === undefined ? undefined : { cause: options.cause });
        this.code = code;
        this.hint = options.hint ?? errorTable[code].hint;
        this.facts = options.facts ?? {};
        this.retryAfterMs = options.retryAfterMs;
    }
    get retryable() {
        return errorTable[this.code].retryable;
    }
    get httpStatus() {
        return errorTable[this.code].http;
    }
    get exitCode() {
        return errorTable[this.code].exit;
    }
}
/** True when `error` is a {@link BhorError}, with this code when one is named. */
export function isBhorError(error, code) {
    return error instanceof BhorError && (code === undefined || error.code === code);
}
/** Turns anything thrown into a {@link BhorError}; what is unknown becomes `internal` with a fixed text. */
export function toBhorError(error) {
    if (error instanceof BhorError)
        return error;
    return new BhorError('internal', 'Something inside bhor went wrong.', { cause: error });
}
