#!/usr/bin/env node
import "/tmp/rig/gcprobe.mjs"
// dist/core/errors.js
/**
* Every error that bhor raises on purpose, as one closed table.
*
* `http` is the status of the problem+json answer, `exit` the exit code of the command line
* (product words: 1 failed, 2 usage, 3 not found, 4 login needed, 5 store or vault locked,
* 6 broker unreachable, 7 refused by policy, 124 timeout), `retryable` whether the same call may
* succeed later without anybody changing anything, `hint` the next step when no better one is known.
*/
var errorTable = {
	usage: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Run the command with --help."
	},
	cancelled: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Start again when you are ready."
	},
	secret_in_arguments: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Pipe the secret to stdin or name a file with --…-file: other users can see a command line."
	},
	needs_terminal: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Run it in a terminal, or give the values with options and --…-file."
	},
	bad_alias: {
		http: 422,
		exit: 2,
		retryable: false,
		hint: "An account name is 1 to 40 of a-z, 0-9, \"-\" and \"_\", starting with a letter or digit."
	},
	bad_field: {
		http: 422,
		exit: 2,
		retryable: false,
		hint: "Correct the field and send it again."
	},
	bad_secret: {
		http: 422,
		exit: 2,
		retryable: false,
		hint: "Copy the secret again from the broker’s developer console."
	},
	unknown_field: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Remove the field or correct its name; /openapi.json lists them."
	},
	duplicate_field: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Give each field once."
	},
	bad_json: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Send valid JSON."
	},
	too_deep: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Send JSON that nests less."
	},
	not_utf8: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Send UTF-8."
	},
	too_large: {
		http: 413,
		exit: 2,
		retryable: false,
		hint: "Send less."
	},
	json_only: {
		http: 415,
		exit: 2,
		retryable: false,
		hint: "Send content-type: application/json."
	},
	already_exists: {
		http: 409,
		exit: 2,
		retryable: false,
		hint: "Choose another name, or edit the existing one."
	},
	output_exists: {
		http: 409,
		exit: 1,
		retryable: false,
		hint: "Use --force to replace it."
	},
	not_found: {
		http: 404,
		exit: 3,
		retryable: false,
		hint: "Check the address."
	},
	account_not_found: {
		http: 404,
		exit: 3,
		retryable: false,
		hint: "bhor accounts list shows the names."
	},
	key_not_found: {
		http: 404,
		exit: 3,
		retryable: false,
		hint: "bhor keys list shows the ids."
	},
	login_not_found: {
		http: 404,
		exit: 3,
		retryable: false,
		hint: "Start a new login."
	},
	broker_not_found: {
		http: 422,
		exit: 3,
		retryable: false,
		hint: "Known brokers: kite, upstox."
	},
	key_missing: {
		http: 401,
		exit: 7,
		retryable: false,
		hint: "Send a client key as the bearer token of the request. Make one: bhor keys add."
	},
	key_malformed: {
		http: 401,
		exit: 7,
		retryable: false,
		hint: "A client key looks like bhor_ and 43 characters. Make one: bhor keys add."
	},
	key_invalid: {
		http: 401,
		exit: 7,
		retryable: false,
		hint: "Make a new key: bhor keys add."
	},
	scope_missing: {
		http: 403,
		exit: 7,
		retryable: false,
		hint: "Make a key with the scope that this needs."
	},
	sign_in_needed: {
		http: 401,
		exit: 7,
		retryable: false,
		hint: "Open the sign-in link that the terminal printed, or run: bhor desk."
	},
	sign_in_link_invalid: {
		http: 401,
		exit: 7,
		retryable: false,
		hint: "Each link works once and for 10 minutes. Get a new one: bhor desk."
	},
	credential_in_url: {
		http: 400,
		exit: 7,
		retryable: false,
		hint: "Never put a key into an address. Rotate this key now: bhor keys revoke."
	},
	cross_site_blocked: {
		http: 403,
		exit: 7,
		retryable: false,
		hint: "Call bhor from a program or from its own page, not from another web page."
	},
	host_not_allowed: {
		http: 421,
		exit: 7,
		retryable: false,
		hint: "Use the exact address that bhor serve printed."
	},
	bad_target: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Ask for a plain path such as /v1/accounts."
	},
	bad_framing: {
		http: 400,
		exit: 2,
		retryable: false,
		hint: "Send each of Host, Authorization and Content-Length once."
	},
	method_not_allowed: {
		http: 405,
		exit: 2,
		retryable: false,
		hint: "See /openapi.json for the methods of each path."
	},
	rate_limited: {
		http: 429,
		exit: 7,
		retryable: true,
		hint: "Wait and try again."
	},
	idempotency_mismatch: {
		http: 422,
		exit: 2,
		retryable: false,
		hint: "Use a new Idempotency-Key for a new request."
	},
	session_none: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "Start a login: bhor login <account>."
	},
	session_expired: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "Start a login: bhor login <account>."
	},
	session_revoked: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "Start a login: bhor login <account>."
	},
	session_live: {
		http: 409,
		exit: 7,
		retryable: false,
		hint: "Log out first: bhor logout <account>. The session belongs to the app and user that it was started with."
	},
	session_short: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "The session ends sooner than you asked for: log in again, or ask for less."
	},
	needs_login: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "Start a login: bhor login <account>."
	},
	token_kind_unavailable: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "Ask for the kind access, or log in again if the broker gives this kind."
	},
	login_in_progress: {
		http: 409,
		exit: 1,
		retryable: true,
		hint: "Wait for the login that is running, it lasts at most 10 minutes."
	},
	login_expired: {
		http: 410,
		exit: 4,
		retryable: false,
		hint: "The link is older than 10 minutes. Start a new login."
	},
	login_used: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "Each login link works once. Start a new login."
	},
	login_state_invalid: {
		http: 400,
		exit: 4,
		retryable: false,
		hint: "Start the login again from bhor."
	},
	login_refused: {
		http: 403,
		exit: 4,
		retryable: false,
		hint: "Start the login again when you are ready."
	},
	callback_incomplete: {
		http: 400,
		exit: 4,
		retryable: false,
		hint: "The broker’s answer was incomplete. Start the login again."
	},
	wrong_page: {
		http: 400,
		exit: 4,
		retryable: false,
		hint: "Paste the address of the page where the browser ended, the one that starts with your redirect URL."
	},
	wrong_user: {
		http: 403,
		exit: 4,
		retryable: false,
		hint: "Log in as the user whom this account belongs to. Nothing was stored."
	},
	bad_grant: {
		http: 502,
		exit: 4,
		retryable: false,
		hint: "The broker did not accept the login’s one-time code. Start a new login."
	},
	answer_lost: {
		http: 502,
		exit: 4,
		retryable: false,
		hint: "The broker’s answer was lost, the one-time code is spent. Start a new login."
	},
	bad_token_shape: {
		http: 502,
		exit: 1,
		retryable: false,
		hint: "The broker sent something that is not a token. Try again; if it stays, report it."
	},
	renewal_unavailable: {
		http: 409,
		exit: 4,
		retryable: false,
		hint: "This broker gives no refresh token to this app: the morning login is the renewal."
	},
	generation_conflict: {
		http: 412,
		exit: 1,
		retryable: true,
		hint: "Read the session again."
	},
	broker_unavailable: {
		http: 503,
		exit: 6,
		retryable: true,
		hint: "The broker does not answer properly. Try again in a minute."
	},
	broker_timeout: {
		http: 504,
		exit: 6,
		retryable: true,
		hint: "The broker did not answer in time. Try again in a minute."
	},
	broker_rate_limited: {
		http: 503,
		exit: 6,
		retryable: true,
		hint: "The broker asks to slow down. Try again in a minute."
	},
	broker_redirect: {
		http: 502,
		exit: 6,
		retryable: false,
		hint: "The broker answered with a redirect, which bhor never follows. Check the host in the configuration."
	},
	broker_rejected: {
		http: 502,
		exit: 1,
		retryable: false,
		hint: "The broker refused the request; its own message says why."
	},
	app_invalid: {
		http: 502,
		exit: 4,
		retryable: false,
		hint: "The broker does not know this app or its secret. Compare the API key, secret and redirect URL with the broker’s developer console."
	},
	user_not_enabled: {
		http: 403,
		exit: 4,
		retryable: false,
		hint: "Add this client id to the app in the broker’s developer console."
	},
	ip_not_allowed: {
		http: 403,
		exit: 7,
		retryable: false,
		hint: "The session is alive; the broker refuses this computer’s IP address. Update the static IP in the broker’s console."
	},
	not_permitted: {
		http: 403,
		exit: 7,
		retryable: false,
		hint: "This token may not do that. Ask for the kind access."
	},
	account_locked: {
		http: 403,
		exit: 4,
		retryable: false,
		hint: "The broker has locked the user. Unlock it on the broker’s own page."
	},
	store_busy: {
		http: 503,
		exit: 5,
		retryable: true,
		hint: "Another process holds the store. Try again in a few seconds."
	},
	store_locked: {
		http: 503,
		exit: 5,
		retryable: true,
		hint: "One bhor per data folder. Stop the other one first."
	},
	store_full: {
		http: 507,
		exit: 5,
		retryable: true,
		hint: "Free some disk space."
	},
	store_readonly: {
		http: 503,
		exit: 5,
		retryable: true,
		hint: "Make the data folder writable."
	},
	store_damaged: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "Restore a backup, or remove the account and add it again."
	},
	store_newer: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "This store was written by a newer bhor. Upgrade bhor."
	},
	store_foreign: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "The file is not a bhor store. Name another with BHOR_DATABASE_URL."
	},
	store_unavailable: {
		http: 503,
		exit: 5,
		retryable: true,
		hint: "Check that the database runs and that its address is right."
	},
	permissions_too_wide: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "chmod go-rwx the file."
	},
	key_wrong: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "Give the master key that this store was made with. Nothing was changed."
	},
	key_unusable: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "A master key is 32 random bytes in base64, as bhor writes it."
	},
	key_ambiguous: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "Keep one source of the master key."
	},
	seal_broken: {
		http: 503,
		exit: 5,
		retryable: false,
		hint: "A sealed value does not belong where it stands. Restore a backup."
	},
	audit_unavailable: {
		http: 503,
		exit: 5,
		retryable: true,
		hint: "Nothing leaves without its audit record. Check the disk."
	},
	audit_broken: {
		http: 503,
		exit: 1,
		retryable: false,
		hint: "Compare with a backup and find out who wrote to the store."
	},
	stopping: {
		http: 503,
		exit: 1,
		retryable: true,
		hint: "bhor is stopping. Start it again: bhor serve."
	},
	server_unreachable: {
		http: 503,
		exit: 6,
		retryable: true,
		hint: "Start it: bhor serve."
	},
	server_version: {
		http: 503,
		exit: 1,
		retryable: false,
		hint: "Upgrade the older of the two."
	},
	config_invalid: {
		http: 500,
		exit: 2,
		retryable: false,
		hint: "bhor config lists every option."
	},
	environment_refused: {
		http: 500,
		exit: 2,
		retryable: false,
		hint: "Unset the variable and start again."
	},
	clock_wrong: {
		http: 503,
		exit: 1,
		retryable: true,
		hint: "Set this computer’s clock. Sessions end by it, so logins wait until it is right."
	},
	port_in_use: {
		http: 500,
		exit: 1,
		retryable: true,
		hint: "Stop the other program or choose another port."
	},
	runtime_too_old: {
		http: 500,
		exit: 1,
		retryable: false,
		hint: "npm start and npm test bring the right Node themselves."
	},
	timeout: {
		http: 504,
		exit: 124,
		retryable: true,
		hint: "Try again with a longer --timeout."
	},
	internal: {
		http: 500,
		exit: 1,
		retryable: false,
		hint: "This is a bug in bhor. Please report it with the request id."
	}
};
/** The one error class: a typed code, a sentence, and the next step. Messages never hold a secret. */
var BhorError = class extends Error {
	name = "BhorError";
	code;
	hint;
	facts;
	retryAfterMs;
	constructor(code, message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
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
};
/** Turns anything thrown into a {@link BhorError}; what is unknown becomes `internal` with a fixed text. */
function toBhorError(error) {
	if (error instanceof BhorError) return error;
	return new BhorError("internal", "Something inside bhor went wrong.", { cause: error });
}
// dist/core/secret.js
var remembered = /* @__PURE__ */ new Set();
/** The values of all secrets that this process still remembers, for {@link redact}. */
function rememberedSecrets() {
	return remembered;
}
// dist/core/redact.js
var names = "access_?token|refresh_?token|request_?token|extended_?token|public_?token|enctoken|auth_?code|tokenId|jwtToken|feedToken|api_?secret|client_?secret|checksum|password|passphrase|pin|mpin|totp|otp";
var inQuery = new RegExp(`([?&#;](?:${names}|code|state|key|token)=)[^&#\\s"']+`, "gi");
var inJson = new RegExp(`("(?:${names})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*(")`, "gi");
var inHeader = /\b(authorization|cookie|set-cookie|access-token|x-privatekey|api-session-key|x-bhor-session)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi;
var clientKey = /\bbhor_[A-Za-z0-9_-]{20,}/g;
var bearer = /\b(Bearer|token|Basic)\s+[A-Za-z0-9._~+/:=-]{16,}/g;
/**
* Takes everything secret out of a text: the value of every live {@link Secret}, and whatever stands
* where credentials stand (query parameters, JSON fields, headers, client keys).
*/
function redact(text) {
	const found = [];
	for (const value of rememberedSecrets()) for (const form of formsOf(value)) if (text.includes(form)) found.push(form);
	found.sort((a, b) => b.length - a.length);
	let out = text;
	for (const form of found) out = out.replaceAll(form, "[secret]");
	return out.replace(inQuery, "$1[secret]").replace(inJson, "$1[secret]$2").replace(inHeader, "$1$2[secret]").replace(bearer, "$1 [secret]").replace(clientKey, "bhor_[secret]");
}
/** Worked out once: a line of the log must not encode every secret anew. */
var knownForms = /* @__PURE__ */ new Map();
var mostKnownForms = 8192;
/** A value as it is, and as it stands in a URL, in a form and in JSON. */
function formsOf(value) {
	const known = knownForms.get(value);
	if (known) return known;
	const inUrl = encodeURIComponent(value.toWellFormed());
	const inForm = new URLSearchParams([["", value]]).toString().slice(1);
	const forms = [.../* @__PURE__ */ new Set([
		value,
		inUrl,
		inForm,
		JSON.stringify(value).slice(1, -1)
	])];
	if (knownForms.size >= mostKnownForms) knownForms.clear();
	knownForms.set(value, forms);
	return forms;
}
/**
* A foreign text (a broker's message, a pasted name) made safe to show: redacted, one line, printable,
* at most `limit` characters.
*/
function printable(text, limit = 200) {
	const line = redact(text).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g, " ").trim();
	return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
// dist/config/options.js
var portRule = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65535 ? void 0 : "a whole number from 0 to 65535, e.g. 7878";
var options = [
	{
		name: "home",
		env: "BHOR_HOME",
		type: "path",
		environmentOnly: true,
		help: "The data folder: store, master key, socket, config.toml."
	},
	{
		name: "database_url",
		env: "BHOR_DATABASE_URL",
		type: "text",
		secret: true,
		help: "sqlite:/path/to/bhor.db or postgres://…; left out: bhor.db in the data folder.",
		check: (v) => /^(sqlite:|postgres(ql)?:\/\/)./.test(String(v)) ? void 0 : "sqlite:/path/bhor.db or postgres://user@host/database"
	},
	{
		name: "host",
		env: "BHOR_HOST",
		type: "text",
		default: "127.0.0.1",
		help: "Where the desk listens. Only this computer: 127.0.0.1 or ::1.",
		check: loopbackRule
	},
	{
		name: "port",
		env: "BHOR_PORT",
		type: "number",
		default: 7878,
		help: "The desk: page, API, callbacks.",
		check: portRule
	},
	{
		name: "simulator_port",
		env: "BHOR_SIMULATOR_PORT",
		type: "number",
		default: 7890,
		help: "The simulator, while a sandbox account exists.",
		check: portRule
	},
	{
		name: "key_source",
		env: "BHOR_KEY_SOURCE",
		type: "text",
		default: "auto",
		help: "Where the master key is: auto, file, credential, keychain, passphrase or environment.",
		check: (v) => [
			"auto",
			"file",
			"credential",
			"keychain",
			"passphrase",
			"environment"
		].includes(String(v)) ? void 0 : "auto, file, credential, keychain, passphrase or environment"
	},
	{
		name: "master_key_file",
		env: "BHOR_MASTER_KEY_FILE",
		type: "path",
		help: "The master key’s file; left out: master.key in the data folder."
	},
	{
		name: "passphrase_file",
		env: "BHOR_PASSPHRASE_FILE",
		type: "path",
		help: "A file with the passphrase, for key_source = \"passphrase\" without a terminal."
	},
	{
		name: "master_key",
		env: "BHOR_MASTER_KEY",
		type: "text",
		secret: true,
		environmentOnly: true,
		help: "The master key itself; only with allow_env_key, since other programs can read an environment."
	},
	{
		name: "allow_env_key",
		env: "BHOR_ALLOW_ENV_KEY",
		type: "flag",
		default: false,
		help: "Accept BHOR_MASTER_KEY."
	},
	{
		name: "log_level",
		env: "BHOR_LOG_LEVEL",
		type: "text",
		default: "info",
		help: "debug, info, warn or error.",
		check: (v) => [
			"debug",
			"info",
			"warn",
			"error"
		].includes(String(v)) ? void 0 : "debug, info, warn or error"
	},
	{
		name: "url",
		env: "BHOR_URL",
		type: "text",
		environmentOnly: true,
		help: "For client programs: the desk to talk to; left out: the socket in the data folder."
	},
	{
		name: "key",
		env: "BHOR_KEY",
		type: "text",
		secret: true,
		environmentOnly: true,
		help: "For client programs: the client key that goes with BHOR_URL."
	}
];
function loopbackRule(value) {
	return value === "127.0.0.1" || value === "::1" ? void 0 : "127.0.0.1 or ::1; the desk is never bound to the network";
}
/** The known name that is nearest to `name`, if one is near: for typing mistakes. */
function nearest(name, known) {
	const best = known.map((candidate) => ({
		candidate,
		distance: editDistance(name, candidate)
	})).sort((a, b) => a.distance - b.distance)[0];
	return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : void 0;
}
function editDistance(a, b) {
	let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
		previous = current;
	}
	return previous[b.length];
}
// dist/config/variables.js
/** What `bhor token --format env` prints. Whoever has loaded that still gets to run bhor. */
var tokenVariables = {
	account: "BHOR_ACCOUNT",
	accessToken: "BHOR_ACCESS_TOKEN",
	apiKey: "BHOR_API_KEY",
	baseUrl: "BHOR_BASE_URL",
	userId: "BHOR_USER_ID",
	expiresAt: "BHOR_EXPIRES_AT"
};
var known = options.map((option) => option.env);
var passed = Object.values(tokenVariables);
/** @throws BhorError `config_invalid` for a `BHOR_…` variable that is no option, naming the nearest one */
function refuseUnknownVariables(env) {
	for (const name of Object.keys(env)) {
		if (!name.startsWith("BHOR_") || known.includes(name) || passed.includes(name)) continue;
		const near = nearest(name, known);
		throw new BhorError("config_invalid", `The variable ${printable(name, 60)} is not known.`, near ? { hint: `Did you mean ${near}?` } : {});
	}
}
// dist/config/home.js
var { homedir } = process.getBuiltinModule("node:os");
var { join, resolve } = process.getBuiltinModule("node:path");
/** The platform's state folder for bhor, unless `BHOR_HOME` names another. */
function homeFolder(env, platform = process.platform) {
	if (env.BHOR_HOME) return env.BHOR_HOME;
	if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "bhor");
	if (platform === "darwin") return join(homedir(), "Library", "Application Support", "bhor");
	return join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "bhor");
}
/** Where a running server answers the command line of the same user. */
function socketPath(home) {
	return join(home, "bhor.sock");
}
/**
* What the script commands need before anything is loaded.
*
* @throws BhorError `config_invalid` for an unknown variable
*/
function clientEnvironment() {
	const { env } = process;
	refuseUnknownVariables(env);
	return {
		home: resolve(homeFolder(env)),
		url: env.BHOR_URL,
		key: env.BHOR_KEY
	};
}
// dist/app/version.js
var { readFileSync } = process.getBuiltinModule("node:fs");
/** From package.json, which lies two folders up both from the sources and from the build. */
var version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
// dist/cli/wire.js
var net = process.getBuiltinModule("node:net");
/** What the server said, or its problem as the error that it is. */
function readReply({ status, text }) {
	if (status >= 200 && status < 300) return text === "" ? void 0 : parsedAnswer(text);
	const problem = parsedProblem(text);
	throw new BhorError(problem && Object.hasOwn(errorTable, problem.code) ? problem.code : "server_unreachable", problem?.detail ?? `The server answered with HTTP ${status}.`, {
		...problem ? { hint: problem.hint } : {},
		...problem?.facts ? { facts: problem.facts } : {}
	});
}
function parsedAnswer(text) {
	try {
		return JSON.parse(text);
	} catch {
		throw new BhorError("server_unreachable", "The server broke off its answer.");
	}
}
function parsedProblem(text) {
	try {
		const problem = JSON.parse(text);
		return typeof problem?.code === "string" ? problem : void 0;
	} catch {
		return;
	}
}
/** A broker that is slow takes up to 30 s, waiting for news 25 s. */
var answerWithinMs = 6e4;
/** The errors of a connection that say: nobody is there. */
function isNobodyThere(error) {
	return [
		"ENOENT",
		"ECONNREFUSED",
		"ENOTSOCK",
		"ENOTDIR",
		"EINVAL",
		"ENAMETOOLONG"
	].includes(error.code ?? "");
}
/**
* One HTTP/1.1 request over a Unix socket or loopback TCP, on a connection of its own. Small on purpose: `bhor token`
* runs in front of every script.
*/
function exchange(where, method, path, options = {}) {
	const body = options.body === void 0 ? "" : JSON.stringify(options.body);
	const hostHeader = "path" in where ? "bhor" : `${where.host.includes(":") ? `[${where.host}]` : where.host}:${where.port}`;
	const head = [
		`${method} ${path} HTTP/1.1`,
		`host: ${hostHeader}`,
		"connection: close",
		`bhor-version: ${version}`,
		...options.key === void 0 ? [] : [`authorization: Bearer ${options.key}`],
		...body === "" ? [] : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]
	];
	return new Promise((resolve, reject) => {
		const socket = net.connect(where, () => socket.write(`${head.join("\r\n")}\r\n\r\n${body}`));
		let answer = "";
		socket.setEncoding("latin1");
		socket.setTimeout(options.timeoutMs ?? answerWithinMs, () => {
			socket.destroy();
			reject(new BhorError("server_unreachable", "The server is there, but does not answer."));
		});
		socket.on("data", (chunk) => {
			answer += chunk;
		});
		socket.on("error", reject);
		socket.on("end", () => {
			const reply = parseReply(answer);
			if (reply) resolve(reply);
			else reject(new BhorError("server_unreachable", "The server broke off its answer."));
		});
	});
}
function parseReply(answer) {
	const end = answer.indexOf("\r\n\r\n");
	const status = /^HTTP\/1\.1 (\d{3})/.exec(answer);
	if (end < 0 || !status) return void 0;
	const head = answer.slice(0, end);
	const rest = answer.slice(end + 4);
	const bytes = Buffer.from(rest, "latin1");
	const body = /\r\ntransfer-encoding: chunked/i.test(head) ? joinChunks(bytes) : bytes;
	return body && {
		status: Number(status[1]),
		text: body.toString("utf8")
	};
}
function joinChunks(bytes) {
	const parts = [];
	for (let at = 0;;) {
		const lineEnd = bytes.indexOf("\r\n", at);
		const size = lineEnd < 0 ? NaN : Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
		if (Number.isNaN(size)) return void 0;
		if (size === 0) return Buffer.concat(parts);
		parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
		at = lineEnd + 2 + size + 2;
	}
}
// dist/cli/connect.js
/** The desk to talk to: the one that BHOR_URL names, else this user's own server, whether it runs or not. */
function serverClient() {
	const { home, url, key } = clientEnvironment();
	return url === void 0 ? overSocket(socketPath(home)) : overUrl(url, key);
}
function overSocket(path) {
	return {
		where: "socket",
		async request(method, target, body) {
			try {
				return readReply(await exchange({ path }, method, target, { body }));
			} catch (error) {
				if (!isClosedToUs(error)) throw error;
				throw new BhorError("server_unreachable", `The bhor server at unix:${path} is another user’s.`, { hint: "Run this as that user, or set BHOR_HOME." });
			}
		},
		async [Symbol.asyncDispose]() {}
	};
}
function isClosedToUs(error) {
	return ["EACCES", "EPERM"].includes(error.code ?? "");
}
function overUrl(address, key) {
	const url = URL.canParse(address) ? new URL(address) : void 0;
	if (!url || !["http:", "https:"].includes(url.protocol)) throw new BhorError("config_invalid", "BHOR_URL is not an http address.");
	if (url.protocol === "http:" && ![
		"127.0.0.1",
		"[::1]",
		"localhost"
	].includes(url.hostname)) throw new BhorError("config_invalid", "BHOR_URL would send the client key over the network unprotected.", { hint: "Use https, or http to 127.0.0.1." });
	if (key === void 0) throw new BhorError("key_missing", "BHOR_URL is set, but BHOR_KEY is not.");
	if (!/^bhor_[A-Za-z0-9_-]{43}$/.test(key)) throw new BhorError("key_malformed", `BHOR_KEY is not a client key (${key.length} characters).`);
	return {
		where: "url",
		async request(method, target, body) {
			try {
				if (url.protocol === "https:") return await overTls(url, key, method, target, body);
				return readReply(await exchange({
					host: url.hostname.replace(/^\[|\]$/g, ""),
					port: Number(url.port || 80)
				}, method, target, {
					body,
					key
				}));
			} catch (error) {
				if (isNobodyThere(error)) throw new BhorError("server_unreachable", `No bhor server answers at ${url.origin}.`);
				throw error;
			}
		},
		async [Symbol.asyncDispose]() {}
	};
}
async function overTls(url, key, method, target, body) {
	const { systemNet } = await import("../net/system.js");
	const { status, text } = await systemNet.send({
		method,
		url: url.origin + target,
		headers: {
			authorization: `Bearer ${key}`,
			...body === void 0 ? {} : { "content-type": "application/json" }
		},
		...body === void 0 ? {} : { body: JSON.stringify(body) },
		timeoutMs: 3e4
	});
	return readReply({
		status,
		text
	});
}
// dist/cli/terminal.js
/**
* The one file that writes to the terminal. stdout is data only; talk goes to stderr, so that a pipe never sees it.
* Colour only on a terminal and without NO_COLOR; no prompt without a terminal; every talk line is scrubbed.
*/
var terminal = {
	/** Data, for people or pipes. The only way by which a secret that was asked for leaves. */
	data(text) {
		process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
	},
	json(value) {
		process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
	},
	/** Talk. */
	say(text) {
		process.stderr.write(`${redact(text)}\n`);
	},
	/** Talk that shows a one-time link, which redaction would take out. */
	sayLink(text) {
		process.stderr.write(`${text}\n`);
	},
	error(error) {
		process.stderr.write(`${paint("bhor:", 31)} ${redact(error.message)}\n      ${paint("Try:", 2)} ${redact(error.hint)}\n`);
	},
	/** Is there a person in front of the talk? */
	get isSeen() {
		return process.stderr.isTTY === true;
	},
	get canAsk() {
		return process.stdin.isTTY === true && process.stderr.isTTY === true;
	},
	bold: (text) => paint(text, 1),
	dim: (text) => paint(text, 2),
	green: (text) => paint(text, 32),
	yellow: (text) => paint(text, 33),
	red: (text) => paint(text, 31)
};
var hasColour = false;
function paint(text, code) {
	return hasColour ? `\u001b[${code}m${text}\u001b[0m` : text;
}
// dist/cli/outcome.js
/** Runs `work` and tells on stderr what it throws. @returns the exit code */
async function exitCodeOf(work) {
	try {
		return await work();
	} catch (cause) {
		const error = toBhorError(cause);
		terminal.error(error);
		return error.exitCode;
	}
}
/** A fault of our own that nobody caught: its text and its stack may hold anything, so neither is shown. */
function tellFaults() {
	process.removeAllListeners("uncaughtException").on("uncaughtException", (cause) => {
		terminal.error(toBhorError(cause));
		process.exit(1);
	});
}
// dist/session/fields.js
var aliasPattern = /^[a-z0-9][a-z0-9_-]{0,39}$/;
/** @throws BhorError `bad_alias` */
function checkAlias(alias) {
	if (!aliasPattern.test(alias)) throw new BhorError("bad_alias", `This is not an account name (${alias.length} characters).`, { facts: { field: "account" } });
	return alias;
}
// dist/cli/account-path.js
/** The address of an account, and of what lies below it. @throws BhorError `bad_alias` */
function pathOf(account) {
	return `/v1/accounts/${checkAlias(account)}`;
}
// dist/cli/token.js
/** `bhor token`: the session of an account as text for a script. */
async function tokenText(client, wish) {
	const query = [...wish.minLife === void 0 ? [] : [`min_life=${encodeURIComponent(wish.minLife)}`], ...wish.kind === void 0 ? [] : [`kind=${encodeURIComponent(wish.kind)}`]].join("&");
	const path = `${pathOf(wish.account)}/session${query ? `?${query}` : ""}`;
	const handOut = await client.request("GET", path);
	if (wish.format === "json") return JSON.stringify(handOut, null, 2);
	if (wish.format === "raw") return handOut.accessToken;
	return Object.entries(tokenVariables).map(([field, name]) => `${name}='${handOut[field].replaceAll("'", "'\\''")}'`).join("\n");
}
/** The plain uses of `bhor token`; undefined for anything that wants the full parser (help, mistakes). */
function readTokenArguments(args) {
	if (args.some((arg) => /bhor_[\w-]{43}/.test(arg))) return void 0;
	let account;
	const wish = { format: "raw" };
	for (let i = 0; i < args.length; i++) {
		const arg = args[i];
		const [name, inline] = arg.startsWith("--") ? arg.split("=", 2) : [arg];
		if (!arg.startsWith("-") && account === void 0) account = arg;
		else if (name === "--format" || name === "--min-life" || name === "--kind") {
			const value = inline ?? args[++i];
			if (value === void 0) return void 0;
			if (name === "--min-life") wish.minLife = value;
			else if (name === "--kind") wish.kind = value;
			else if (value === "raw" || value === "json" || value === "env") wish.format = value;
			else return void 0;
		} else if (arg === "--json") wish.format = "json";
		else return void 0;
	}
	return account === void 0 ? void 0 : {
		account,
		...wish
	};
}
// dist/cli/bhor.js
/**
* `bhor token` alone is run so often that it loads nothing of the rest. The build makes one file of this entry and
* all that it imports; `main.ts` and what it imports are other instances, so nothing is shared between the two.
*/
async function run(args) {
	let isDone = false;
	const code = await exitCodeOf(async () => {
		requireRuntime(process.versions);
		const wish = args[0] === "token" ? readTokenArguments(args.slice(1)) : void 0;
		const text = wish && await tokenText(serverClient(), wish).catch(unlessNobodyThere);
		if (text === void 0) return 0;
		terminal.data(text);
		isDone = true;
		return 0;
	});
	if (isDone || code !== 0) return code;
	if (args[0] === "serve") (await import("./young-heap.js")).holdYoungHeap();
	const { runCommand } = await import("./main.js");
	return runCommand(args);
}
function unlessNobodyThere(error) {
	if (!isNobodyThere(error)) throw error;
}
var oldestNode = "26.5.1";
/** Node can be built with the system's SQLite. */
var oldestSqlite = "3.51.3";
function requireRuntime({ node, sqlite }) {
	if (isOlder(node, oldestNode)) throw new BhorError("runtime_too_old", `bhor needs Node ${oldestNode} or newer; this is ${node}.`);
	if (sqlite !== void 0 && isOlder(sqlite, oldestSqlite)) throw new BhorError("runtime_too_old", `bhor needs SQLite ${oldestSqlite} or newer; this is ${sqlite}.`);
}
function isOlder(version, oldest) {
	const [ours, theirs] = [oldest, version].map((text) => text.split(".").map(Number));
	const at = [
		0,
		1,
		2
	].find((i) => ours?.[i] !== theirs?.[i]);
	return at !== void 0 && (theirs?.[at] ?? 0) < (ours?.[at] ?? 0);
}
process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1));
tellFaults();
process.exitCode = await run(process.argv.slice(2));
export {};
