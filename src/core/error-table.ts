/** The words and numbers of one error. */
export interface ErrorRow {
  /** The status of the problem+json answer. */
  readonly http: number
  /** 1 failed, 2 usage, 3 not found, 4 login needed, 5 store or vault locked, 6 broker unreachable, 7 refused, 124 timeout. */
  readonly exit: number
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean
  /** What happened, where the thrower says no more. */
  readonly sentence: string
  /** The next step, where no better one is known. */
  readonly hint: string
  /** What the page says to which a broker sends the browser; that the login did not succeed when left out. */
  readonly page?: string
  /** What an alert says about an account, below its name; {@link ErrorRow.sentence} when left out. */
  readonly alert?: string
}

const final = (
  http: number,
  exit: number,
  sentence: string,
  hint: string,
  said: { readonly page?: string; readonly alert?: string } = {},
): ErrorRow => ({ http, exit, retryable: false, sentence, hint, ...said })

const passing = (...row: Parameters<typeof final>): ErrorRow => ({ ...final(...row), retryable: true })

// biome-ignore format: a row is a line, and what page and alert say a second one
/** Every error that bhor raises on purpose, as one closed table. */
export const errorTable = {
  // usage and input
  usage: final(400, 2, 'The command was not understood.', 'Run the command with --help.'),
  cancelled: final(400, 2, 'The login was cancelled.', 'Start again when you are ready.'),
  secret_in_arguments: final(400, 2, 'A secret stands in the command line.', 'Pipe the secret to stdin or name a file with --…-file: other users can see a command line.'),
  needs_terminal: final(400, 2, 'This must be asked at a terminal, and there is none.', 'Run it in a terminal, or give the values with options and --…-file.'),
  bad_alias: final(422, 2, 'That is no name for an account.', 'An account name is 1 to 40 of a-z, 0-9, "-" and "_", starting with a letter or digit.'),
  bad_field: final(422, 2, 'A field does not look right.', 'Correct the field and send it again.'),
  bad_secret: final(422, 2, 'A secret does not look right.', 'Copy the secret again from the broker’s developer console.'),
  unknown_field: final(400, 2, 'A field is not known.', 'Remove the field or correct its name; /openapi.json lists them.'),
  duplicate_field: final(400, 2, 'A field was given twice.', 'Give each field once.'),
  bad_json: final(400, 2, 'The body is not JSON.', 'Send valid JSON.'),
  too_deep: final(400, 2, 'The JSON nests too deep.', 'Send JSON that nests less.'),
  not_utf8: final(400, 2, 'The text is not UTF-8.', 'Send UTF-8.'),
  too_large: final(413, 2, 'That is too much.', 'Send less.'),
  json_only: final(415, 2, 'Only JSON is taken here.', 'Send content-type: application/json.'),
  already_exists: final(409, 2, 'That name is taken.', 'Choose another name, or edit the existing one.'),
  output_exists: final(409, 1, 'The file is already there.', 'Use --force to replace it.'),

  // finding
  not_found: final(404, 3, 'There is nothing here.', 'Check the address.'),
  account_not_found: final(404, 3, 'There is no such account.', 'bhor accounts list shows the names.'),
  key_not_found: final(404, 3, 'There is no such key.', 'bhor keys list shows the ids.'),
  login_not_found: final(404, 3, 'There is no such login.', 'Start a new login.'),
  broker_not_found: final(422, 3, 'There is no such broker.', 'docs/reference/brokers.md lists them; [brokers.ID] in config.toml adds one.'),

  // who may
  key_missing: final(401, 7, 'A client key is needed.', 'Send a client key as the bearer token of the request. Make one: bhor keys add.'),
  key_malformed: final(401, 7, 'That is not a client key.', 'A client key looks like bhor_ and 43 characters. Make one: bhor keys add.'),
  key_invalid: final(401, 7, 'This client key does not count.', 'Make a new key: bhor keys add.'),
  scope_missing: final(403, 7, 'This key may not do that.', 'Make a key with the scope that this needs.'),
  sign_in_needed: final(401, 7, 'Nobody is signed in.', 'Open the sign-in link that the terminal printed, or run: bhor desk.'),
  sign_in_link_invalid: final(401, 7, 'This sign-in link does not count.', 'Each link works once and for 10 minutes. Get a new one: bhor desk.'),
  credential_in_url: final(400, 7, 'A key stands in the address.', 'Never put a key into an address. Rotate this key now: bhor keys revoke.'),
  cross_site_blocked: final(403, 7, 'Another web page asked.', 'Call bhor from a program or from its own page, not from another web page.'),
  host_not_allowed: final(421, 7, 'bhor has another address.', 'Use the exact address that bhor serve printed.'),
  bad_target: final(400, 2, 'That is no path.', 'Ask for a plain path such as /v1/accounts.'),
  bad_framing: final(400, 2, 'The request is framed ambiguously.', 'Send each of Host, Authorization and Content-Length once.'),
  method_not_allowed: final(405, 2, 'The path has no such method.', 'See /openapi.json for the methods of each path.'),
  rate_limited: passing(429, 7, 'Too many requests.', 'Wait and try again.'),
  idempotency_mismatch: final(422, 2, 'This Idempotency-Key belongs to another request.', 'Use a new Idempotency-Key for a new request.'),

  // the session
  session_none: final(409, 4, 'There is no session yet.', 'Start a login: bhor login.',
    { alert: 'Nobody has logged in yet; programs get no token.' }),
  session_expired: final(409, 4, 'The session has expired.', 'Start a login: bhor login.',
    { alert: 'The session has ended at its hour; programs get no token until someone logs in.' }),
  session_revoked: final(409, 4, 'The session was ended.', 'Start a login: bhor login.',
    { alert: 'The broker no longer accepts the session, before its hour. Another login may have ended it; programs get no token until someone logs in.' }),
  session_live: final(409, 7, 'The session is live.', 'Log out first: bhor logout. The session belongs to the app and user that it was started with.'),
  session_short: final(409, 4, 'The session ends too soon.', 'The session ends sooner than you asked for: log in again, or ask for less.',
    { alert: 'The session ends sooner than a program asked for.' }),
  needs_login: final(409, 4, 'The broker wants a person.', 'Start a login: bhor login.',
    { page: 'The broker wants you to do something on its own page or app first. No session was stored.', alert: 'The broker wants a person to do something first; look at its app, then log in.' }),
  token_kind_unavailable: final(409, 4, 'The session has no token of this kind.', 'Ask for the kind access, or log in again if the broker gives this kind.'),
  login_in_progress: passing(409, 1, 'Another login is running.', 'Wait for the login that is running, it lasts at most 10 minutes.',
    { alert: 'A login is running.' }),
  login_expired: final(410, 4, 'The login link is older than 10 minutes.', 'The link is older than 10 minutes. Start a new login.',
    { page: 'This login link is older than 10 minutes. Start again from bhor.', alert: 'A login was started and not finished within 10 minutes.' }),
  login_used: final(409, 4, 'The login link was already used.', 'Each login link works once. Start a new login.',
    { page: 'This login link was already used. Start again from bhor.' }),
  login_state_invalid: final(400, 4, 'The login link is not valid.', 'Start the login again from bhor.',
    { page: 'This login link is not valid (or too old). Start again from bhor.', alert: 'Somebody opened a login link that bhor did not make.' }),
  login_refused: final(403, 4, 'The broker did not grant the login: it was refused or cancelled there.', 'Start the login again when you are ready.',
    { page: 'The broker says the login was refused or cancelled.', alert: 'The login was refused or cancelled at the broker.' }),
  login_ambiguous: final(409, 2, 'Two logins at this broker are open, and it does not say which one came back.', 'Cancel one of the two and start the other again.',
    { page: 'Two logins at this broker are open, and it does not say which one this is. Cancel one in bhor, then start again from bhor.', alert: 'Two logins at this broker were open at once; neither could be finished.' }),
  not_answered: final(422, 2, 'A question of the login was not answered.', 'Answer what the login asks, or store the answer with the account.',
    { alert: 'The login asks something that nobody answered.' }),
  callback_incomplete: final(400, 4, 'The broker’s answer was incomplete.', 'The broker’s answer was incomplete. Start the login again.',
    { page: 'The broker’s answer was incomplete.', alert: 'The browser came back from the broker with an incomplete answer.' }),
  wrong_page: final(400, 4, 'That is another page.', 'Paste the address of the page where the browser ended, the one that starts with your redirect URL.'),
  wrong_user: final(403, 4, 'Somebody else logged in.', 'Log in as the user whom this account belongs to. Nothing was stored.',
    { page: 'You logged in as a different user than this account expects. Nothing was stored.', alert: 'Somebody logged in as another user than this account belongs to. Nothing was stored.' }),
  bad_grant: final(502, 4, 'The broker did not accept the one-time code.', 'The broker did not accept the login’s one-time code. Start a new login.',
    { page: 'The broker did not accept the one-time code of this login.', alert: 'The broker did not accept the login’s one-time code.' }),
  answer_lost: final(502, 4, 'The broker’s answer was lost on the way.', 'The broker’s answer was lost, the one-time code is spent. Start a new login.',
    { page: 'The broker’s answer was lost on the way. No session was stored.', alert: 'The broker’s answer to the login was lost. The session before it may have ended; log in again.' }),
  bad_token_shape: final(502, 1, 'The broker sent something that is not a token.', 'The broker sent something that is not a token. Try again; if it stays, report it.',
    { page: 'The broker sent something that bhor does not take for a session. No session was stored.', alert: 'The broker sent something that bhor does not take for a session.' }),
  renewal_unavailable: final(409, 4, 'There is no renewal here.', 'This broker gives no refresh token to this app: the morning login is the renewal.',
    { alert: 'The session cannot be renewed without a person.' }),
  generation_conflict: passing(412, 1, 'The session was replaced meanwhile.', 'Read the session again.'),
  gate_closed: final(409, 7, 'Trading is paused for this account.', 'The gate says why and until when; a person opens it.',
    { alert: 'Trading is paused.' }),
  proxy_only: final(409, 7, 'This broker’s session can only be used through the proxy.', 'Every request must be signed: send it through the proxy of this account.'),
  mirror_conflict: final(409, 7, 'The file holds a token that bhor did not write.', 'Decide: bhor mirrors sync with --take or --overwrite.',
    { alert: 'A mirrored file holds a token that bhor did not write; it was left alone.' }),

  // the broker
  broker_unavailable: passing(503, 6, 'The broker does not answer properly.', 'The broker does not answer properly. Try again in a minute.',
    { page: 'The broker does not answer. No session was stored.', alert: 'The broker does not answer; nobody knows whether the session lives.' }),
  broker_timeout: passing(504, 6, 'The broker did not answer in time.', 'The broker did not answer in time. Try again in a minute.',
    { page: 'The broker did not answer in time. No session was stored.', alert: 'The broker does not answer in time; nobody knows whether the session lives.' }),
  broker_closed: passing(503, 6, 'The broker is closed at this hour.', 'The broker is closed at this hour, which says nothing about the session. Try again when it opens.',
    { page: 'The broker is closed at this hour. No session was stored.', alert: 'The broker is closed at this hour.' }),
  broker_rate_limited: passing(503, 6, 'The broker asks to slow down.', 'The broker asks to slow down. Try again in a minute.',
    { page: 'The broker asks to slow down. No session was stored.', alert: 'The broker asks to slow down.' }),
  broker_redirect: final(502, 6, 'The broker answered with a redirect.', 'The broker answered with a redirect, which bhor never follows. Check the host in the configuration.',
    { page: 'The broker answered with a redirect, which bhor does not follow. No session was stored.', alert: 'The broker answers with redirects, which bhor does not follow.' }),
  broker_rejected: final(502, 1, 'The broker refused the request.', 'The broker refused the request; its own message says why.',
    { page: 'The broker refused the login. No session was stored.', alert: 'The broker refused what bhor asked.' }),
  app_invalid: final(502, 4, 'The broker does not know this app or its secret.', 'The broker does not know this app or its secret. Compare the API key, secret and redirect URL with the broker’s developer console.',
    { page: 'The broker does not accept the API key, the secret or the redirect URL of this account.', alert: 'The broker does not accept the API key, the secret or the redirect URL.' }),
  user_not_enabled: final(403, 4, 'This user is not enabled for the app.', 'Add this client id to the app in the broker’s developer console.',
    { page: 'This user is not enabled for the app. Nothing was stored.', alert: 'The broker says that this user is not enabled for the app.' }),
  ip_not_allowed: final(403, 7, 'The broker refuses this computer’s IP address.', 'The session is alive; the broker refuses this computer’s IP address. Update the static IP in the broker’s console.',
    { page: 'The broker refuses this computer’s IP address. No session was stored.', alert: 'The broker refuses this computer’s IP address. The session itself lives.' }),
  not_permitted: final(403, 7, 'This token may not do that.', 'This token may not do that. Ask for the kind access.',
    { alert: 'The broker does not permit this token what was asked.' }),
  account_locked: final(403, 4, 'The broker has locked the user.', 'The broker has locked the user. Unlock it on the broker’s own page.',
    { page: 'The broker has locked this user. No session was stored.', alert: 'The broker has locked the user.' }),
  egress_unavailable: final(502, 6, 'The account’s way out does not work.', 'Nothing was sent another way. Check the source address or the proxy of this account.',
    { page: 'The account’s way out to the broker does not work. No session was stored.', alert: 'The account’s way out to the broker does not work; nothing was sent another way.' }),

  // store, vault, audit
  store_busy: passing(503, 5, 'The store is busy.', 'Another process holds the store. Try again in a few seconds.'),
  store_locked: passing(503, 5, 'Another bhor uses this data folder.', 'One bhor per data folder. Stop the other one first.'),
  store_full: passing(507, 5, 'The disk is full.', 'Free some disk space.'),
  store_readonly: passing(503, 5, 'The store cannot be written.', 'Make the data folder writable.'),
  store_damaged: final(503, 5, 'The store is damaged.', 'Restore a backup, or remove the account and add it again.',
    { alert: 'What is stored of this account is damaged; it is not served.' }),
  store_newer: final(503, 5, 'The store is newer than this bhor.', 'This store was written by a newer bhor. Upgrade bhor.'),
  store_foreign: final(503, 5, 'That is not a bhor store.', 'The file is not a bhor store. Name another with BHOR_DATABASE_URL.'),
  store_rolled_back: final(503, 5, 'The store is older than what this computer has seen of it.', 'Restore the newest backup; accept an older one knowingly: bhor doctor --accept-rollback.'),
  store_unavailable: passing(503, 5, 'The database does not answer.', 'Check that the database runs and that its address is right.',
    { page: 'bhor’s store does not answer. It finds out by itself whether you are logged in: look at the account in a minute.', alert: 'The database does not answer.' }),
  sealed: final(503, 5, 'bhor is sealed.', 'Open it at the terminal: bhor unseal.',
    { page: 'bhor is sealed. No session was stored.', alert: 'bhor is sealed: no login, no renewal, no token until it is opened.' }),
  permissions_too_wide: final(503, 5, 'A file is open to other users.', 'chmod go-rwx the file.'),
  key_wrong: final(503, 5, 'The master key does not fit.', 'Give the master key that this store was made with. Nothing was changed.'),
  key_unusable: final(503, 5, 'The master key cannot be used.', 'A master key is 32 random bytes in base64, as bhor writes it.'),
  key_ambiguous: final(503, 5, 'There are several master keys.', 'Keep one source of the master key.'),
  seal_broken: final(503, 5, 'A sealed value was moved or changed.', 'A sealed value does not belong where it stands. Restore a backup.',
    { alert: 'A sealed value of this account was moved or changed; it is not served.' }),
  audit_unavailable: passing(503, 5, 'The audit log cannot be written.', 'Nothing leaves without its audit record. Check the disk.'),
  audit_broken: final(503, 1, 'The audit log was changed.', 'Compare with a backup and find out who wrote to the store.'),
  stopping: passing(503, 1, 'bhor is stopping.', 'bhor is stopping. Start it again: bhor serve.'),

  // the machine
  server_unreachable: passing(503, 6, 'bhor does not answer.', 'Start it: bhor serve.'),
  server_version: final(503, 1, 'The two versions do not fit.', 'Upgrade the older of the two.'),
  config_invalid: final(500, 2, 'The configuration is not right.', 'bhor config lists every option.'),
  adapter_invalid: final(422, 2, 'A broker’s adapter is not right.', 'Run the suite of bhor/broker/suite over it; docs/adding-a-broker.md shows how.'),
  environment_refused: final(500, 2, 'The environment undoes bhor’s protection.', 'Unset the variable and start again.'),
  clock_wrong: passing(503, 1, 'The clock is wrong.', 'Set this computer’s clock. Sessions end by it, so logins wait until it is right.',
    { page: 'The clock of this computer is wrong, and sessions end by it. No session was stored.', alert: 'The clock is wrong; logins wait until it is right.' }),
  clock_doubtful: passing(503, 1, 'The clock has jumped or differs from the broker’s.', 'Check this computer’s clock; bhor goes on when it agrees with the broker’s.',
    { page: 'The clock of this computer differs from the broker’s. No session was stored.', alert: 'The clock has jumped or differs from the broker’s; what ends by it is not certain.' }),
  system_refused: passing(503, 1, 'The system refused a call.', 'Check the disk, the permissions and the limits (ulimit -a) of this computer.'),
  port_in_use: passing(500, 1, 'The port is taken.', 'Stop the other program or choose another port.'),
  runtime_too_old: final(500, 1, 'This Node is too old.', 'npm start and npm test bring the right Node themselves.'),
  timeout: passing(504, 124, 'It took too long.', 'Try again with a longer --timeout.'),
  internal: final(500, 1, 'Something inside bhor went wrong.', 'This is a bug in bhor. Please report it with the request id.',
    { page: 'Something inside bhor went wrong. No session was stored.', alert: 'Something inside bhor went wrong with this account.' }),
} as const satisfies Record<string, ErrorRow>
