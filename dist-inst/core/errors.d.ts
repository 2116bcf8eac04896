/**
 * Every error that bhor raises on purpose, as one closed table.
 *
 * `http` is the status of the problem+json answer, `exit` the exit code of the command line
 * (product words: 1 failed, 2 usage, 3 not found, 4 login needed, 5 store or vault locked,
 * 6 broker unreachable, 7 refused by policy, 124 timeout), `retryable` whether the same call may
 * succeed later without anybody changing anything, `hint` the next step when no better one is known.
 */
export declare const errorTable: {
    readonly usage: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Run the command with --help.';
    };
    readonly cancelled: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Start again when you are ready.';
    };
    readonly secret_in_arguments: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Pipe the secret to stdin or name a file with --…-file: other users can see a command line.';
    };
    readonly needs_terminal: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Run it in a terminal, or give the values with options and --…-file.';
    };
    readonly bad_alias: {
        readonly http: 422;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'An account name is 1 to 40 of a-z, 0-9, "-" and "_", starting with a letter or digit.';
    };
    readonly bad_field: {
        readonly http: 422;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Correct the field and send it again.';
    };
    readonly bad_secret: {
        readonly http: 422;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Copy the secret again from the broker’s developer console.';
    };
    readonly unknown_field: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Remove the field or correct its name; /openapi.json lists them.';
    };
    readonly duplicate_field: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Give each field once.';
    };
    readonly bad_json: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Send valid JSON.';
    };
    readonly too_deep: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Send JSON that nests less.';
    };
    readonly not_utf8: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Send UTF-8.';
    };
    readonly too_large: {
        readonly http: 413;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Send less.';
    };
    readonly json_only: {
        readonly http: 415;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Send content-type: application/json.';
    };
    readonly already_exists: {
        readonly http: 409;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Choose another name, or edit the existing one.';
    };
    readonly output_exists: {
        readonly http: 409;
        readonly exit: 1;
        readonly retryable: false;
        readonly hint: 'Use --force to replace it.';
    };
    readonly not_found: {
        readonly http: 404;
        readonly exit: 3;
        readonly retryable: false;
        readonly hint: 'Check the address.';
    };
    readonly account_not_found: {
        readonly http: 404;
        readonly exit: 3;
        readonly retryable: false;
        readonly hint: 'bhor accounts list shows the names.';
    };
    readonly key_not_found: {
        readonly http: 404;
        readonly exit: 3;
        readonly retryable: false;
        readonly hint: 'bhor keys list shows the ids.';
    };
    readonly login_not_found: {
        readonly http: 404;
        readonly exit: 3;
        readonly retryable: false;
        readonly hint: 'Start a new login.';
    };
    readonly broker_not_found: {
        readonly http: 422;
        readonly exit: 3;
        readonly retryable: false;
        readonly hint: 'Known brokers: kite, upstox.';
    };
    readonly key_missing: {
        readonly http: 401;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Send a client key as the bearer token of the request. Make one: bhor keys add.';
    };
    readonly key_malformed: {
        readonly http: 401;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'A client key looks like bhor_ and 43 characters. Make one: bhor keys add.';
    };
    readonly key_invalid: {
        readonly http: 401;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Make a new key: bhor keys add.';
    };
    readonly scope_missing: {
        readonly http: 403;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Make a key with the scope that this needs.';
    };
    readonly sign_in_needed: {
        readonly http: 401;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Open the sign-in link that the terminal printed, or run: bhor desk.';
    };
    readonly sign_in_link_invalid: {
        readonly http: 401;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Each link works once and for 10 minutes. Get a new one: bhor desk.';
    };
    readonly credential_in_url: {
        readonly http: 400;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Never put a key into an address. Rotate this key now: bhor keys revoke.';
    };
    readonly cross_site_blocked: {
        readonly http: 403;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Call bhor from a program or from its own page, not from another web page.';
    };
    readonly host_not_allowed: {
        readonly http: 421;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Use the exact address that bhor serve printed.';
    };
    readonly bad_target: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Ask for a plain path such as /v1/accounts.';
    };
    readonly bad_framing: {
        readonly http: 400;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Send each of Host, Authorization and Content-Length once.';
    };
    readonly method_not_allowed: {
        readonly http: 405;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'See /openapi.json for the methods of each path.';
    };
    readonly rate_limited: {
        readonly http: 429;
        readonly exit: 7;
        readonly retryable: true;
        readonly hint: 'Wait and try again.';
    };
    readonly idempotency_mismatch: {
        readonly http: 422;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Use a new Idempotency-Key for a new request.';
    };
    readonly session_none: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Start a login: bhor login <account>.';
    };
    readonly session_expired: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Start a login: bhor login <account>.';
    };
    readonly session_revoked: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Start a login: bhor login <account>.';
    };
    readonly session_live: {
        readonly http: 409;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'Log out first: bhor logout <account>. The session belongs to the app and user that it was started with.';
    };
    readonly session_short: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'The session ends sooner than you asked for: log in again, or ask for less.';
    };
    readonly needs_login: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Start a login: bhor login <account>.';
    };
    readonly token_kind_unavailable: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Ask for the kind access, or log in again if the broker gives this kind.';
    };
    readonly login_in_progress: {
        readonly http: 409;
        readonly exit: 1;
        readonly retryable: true;
        readonly hint: 'Wait for the login that is running, it lasts at most 10 minutes.';
    };
    readonly login_expired: {
        readonly http: 410;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'The link is older than 10 minutes. Start a new login.';
    };
    readonly login_used: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Each login link works once. Start a new login.';
    };
    readonly login_state_invalid: {
        readonly http: 400;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Start the login again from bhor.';
    };
    readonly login_refused: {
        readonly http: 403;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Start the login again when you are ready.';
    };
    readonly callback_incomplete: {
        readonly http: 400;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'The broker’s answer was incomplete. Start the login again.';
    };
    readonly wrong_page: {
        readonly http: 400;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Paste the address of the page where the browser ended, the one that starts with your redirect URL.';
    };
    readonly wrong_user: {
        readonly http: 403;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Log in as the user whom this account belongs to. Nothing was stored.';
    };
    readonly bad_grant: {
        readonly http: 502;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'The broker did not accept the login’s one-time code. Start a new login.';
    };
    readonly answer_lost: {
        readonly http: 502;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'The broker’s answer was lost, the one-time code is spent. Start a new login.';
    };
    readonly bad_token_shape: {
        readonly http: 502;
        readonly exit: 1;
        readonly retryable: false;
        readonly hint: 'The broker sent something that is not a token. Try again; if it stays, report it.';
    };
    readonly renewal_unavailable: {
        readonly http: 409;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'This broker gives no refresh token to this app: the morning login is the renewal.';
    };
    readonly generation_conflict: {
        readonly http: 412;
        readonly exit: 1;
        readonly retryable: true;
        readonly hint: 'Read the session again.';
    };
    readonly broker_unavailable: {
        readonly http: 503;
        readonly exit: 6;
        readonly retryable: true;
        readonly hint: 'The broker does not answer properly. Try again in a minute.';
    };
    readonly broker_timeout: {
        readonly http: 504;
        readonly exit: 6;
        readonly retryable: true;
        readonly hint: 'The broker did not answer in time. Try again in a minute.';
    };
    readonly broker_rate_limited: {
        readonly http: 503;
        readonly exit: 6;
        readonly retryable: true;
        readonly hint: 'The broker asks to slow down. Try again in a minute.';
    };
    readonly broker_redirect: {
        readonly http: 502;
        readonly exit: 6;
        readonly retryable: false;
        readonly hint: 'The broker answered with a redirect, which bhor never follows. Check the host in the configuration.';
    };
    readonly broker_rejected: {
        readonly http: 502;
        readonly exit: 1;
        readonly retryable: false;
        readonly hint: 'The broker refused the request; its own message says why.';
    };
    readonly app_invalid: {
        readonly http: 502;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'The broker does not know this app or its secret. Compare the API key, secret and redirect URL with the broker’s developer console.';
    };
    readonly user_not_enabled: {
        readonly http: 403;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'Add this client id to the app in the broker’s developer console.';
    };
    readonly ip_not_allowed: {
        readonly http: 403;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'The session is alive; the broker refuses this computer’s IP address. Update the static IP in the broker’s console.';
    };
    readonly not_permitted: {
        readonly http: 403;
        readonly exit: 7;
        readonly retryable: false;
        readonly hint: 'This token may not do that. Ask for the kind access.';
    };
    readonly account_locked: {
        readonly http: 403;
        readonly exit: 4;
        readonly retryable: false;
        readonly hint: 'The broker has locked the user. Unlock it on the broker’s own page.';
    };
    readonly store_busy: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: true;
        readonly hint: 'Another process holds the store. Try again in a few seconds.';
    };
    readonly store_locked: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: true;
        readonly hint: 'One bhor per data folder. Stop the other one first.';
    };
    readonly store_full: {
        readonly http: 507;
        readonly exit: 5;
        readonly retryable: true;
        readonly hint: 'Free some disk space.';
    };
    readonly store_readonly: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: true;
        readonly hint: 'Make the data folder writable.';
    };
    readonly store_damaged: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'Restore a backup, or remove the account and add it again.';
    };
    readonly store_newer: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'This store was written by a newer bhor. Upgrade bhor.';
    };
    readonly store_foreign: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'The file is not a bhor store. Name another with BHOR_DATABASE_URL.';
    };
    readonly store_unavailable: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: true;
        readonly hint: 'Check that the database runs and that its address is right.';
    };
    readonly permissions_too_wide: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'chmod go-rwx the file.';
    };
    readonly key_wrong: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'Give the master key that this store was made with. Nothing was changed.';
    };
    readonly key_unusable: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'A master key is 32 random bytes in base64, as bhor writes it.';
    };
    readonly key_ambiguous: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'Keep one source of the master key.';
    };
    readonly seal_broken: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: false;
        readonly hint: 'A sealed value does not belong where it stands. Restore a backup.';
    };
    readonly audit_unavailable: {
        readonly http: 503;
        readonly exit: 5;
        readonly retryable: true;
        readonly hint: 'Nothing leaves without its audit record. Check the disk.';
    };
    readonly audit_broken: {
        readonly http: 503;
        readonly exit: 1;
        readonly retryable: false;
        readonly hint: 'Compare with a backup and find out who wrote to the store.';
    };
    readonly stopping: {
        readonly http: 503;
        readonly exit: 1;
        readonly retryable: true;
        readonly hint: 'bhor is stopping. Start it again: bhor serve.';
    };
    readonly server_unreachable: {
        readonly http: 503;
        readonly exit: 6;
        readonly retryable: true;
        readonly hint: 'Start it: bhor serve.';
    };
    readonly server_version: {
        readonly http: 503;
        readonly exit: 1;
        readonly retryable: false;
        readonly hint: 'Upgrade the older of the two.';
    };
    readonly config_invalid: {
        readonly http: 500;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'bhor config lists every option.';
    };
    readonly environment_refused: {
        readonly http: 500;
        readonly exit: 2;
        readonly retryable: false;
        readonly hint: 'Unset the variable and start again.';
    };
    readonly clock_wrong: {
        readonly http: 503;
        readonly exit: 1;
        readonly retryable: true;
        readonly hint: 'Set this computer’s clock. Sessions end by it, so logins wait until it is right.';
    };
    readonly port_in_use: {
        readonly http: 500;
        readonly exit: 1;
        readonly retryable: true;
        readonly hint: 'Stop the other program or choose another port.';
    };
    readonly runtime_too_old: {
        readonly http: 500;
        readonly exit: 1;
        readonly retryable: false;
        readonly hint: 'npm start and npm test bring the right Node themselves.';
    };
    readonly timeout: {
        readonly http: 504;
        readonly exit: 124;
        readonly retryable: true;
        readonly hint: 'Try again with a longer --timeout.';
    };
    readonly internal: {
        readonly http: 500;
        readonly exit: 1;
        readonly retryable: false;
        readonly hint: 'This is a bug in bhor. Please report it with the request id.';
    };
};
/** The closed union of error codes. */
export type ErrorCode = keyof typeof errorTable;
export interface ErrorOptionsOfBhor {
    /** The next step for the reader; the table's hint when left out. */
    hint?: string;
    /** What went wrong below. Kept for the process, never sent across a boundary. */
    cause?: unknown;
    /** Plain facts for machines, e.g. `{ expectedUser: 'AB1234' }`. Never a secret. */
    facts?: Readonly<Record<string, string | number | boolean>>;
    /** How long to wait before trying again, where that is known. */
    retryAfterMs?: number;
}
/** The one error class: a typed code, a sentence, and the next step. Messages never hold a secret. */
export declare class BhorError extends Error {
    readonly name = "BhorError";
    readonly code: ErrorCode;
    readonly hint: string;
    readonly facts: Readonly<Record<string, string | number | boolean>>;
    readonly retryAfterMs: number | undefined;
    constructor(code: ErrorCode, message: string, options?: ErrorOptionsOfBhor);
    get retryable(): boolean;
    get httpStatus(): number;
    get exitCode(): number;
}
/** True when `error` is a {@link BhorError}, with this code when one is named. */
export declare function isBhorError(error: unknown, code?: ErrorCode): error is BhorError;
/** Turns anything thrown into a {@link BhorError}; what is unknown becomes `internal` with a fixed text. */
export declare function toBhorError(error: unknown): BhorError;
