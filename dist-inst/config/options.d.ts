/**
 * Every option, once. The command line's flags, the environment, `config.toml` and the docs are made from this
 * table; flags beat environment beats file beats default.
 */
export interface OptionSpec {
    /** The name in `config.toml`. */
    readonly name: string;
    readonly env: string;
    readonly type: 'text' | 'number' | 'flag' | 'path';
    readonly default?: string | number | boolean;
    readonly secret?: boolean;
    /** Not taken from the file: it decides where the file is, or belongs to one shell. */
    readonly environmentOnly?: boolean;
    readonly help: string;
    readonly check?: (value: string | number | boolean) => string | undefined;
}
declare const portRule: (value: string | number | boolean) => "a whole number from 0 to 65535, e.g. 7878" | undefined;
export declare const options: readonly [{
    readonly name: 'home';
    readonly env: 'BHOR_HOME';
    readonly type: 'path';
    readonly environmentOnly: true;
    readonly help: 'The data folder: store, master key, socket, config.toml.';
}, {
    readonly name: 'database_url';
    readonly env: 'BHOR_DATABASE_URL';
    readonly type: 'text';
    readonly secret: true;
    readonly help: 'sqlite:/path/to/bhor.db or postgres://…; left out: bhor.db in the data folder.';
    readonly check: (v: string | number | boolean) => "sqlite:/path/bhor.db or postgres://user@host/database" | undefined;
}, {
    readonly name: 'host';
    readonly env: 'BHOR_HOST';
    readonly type: 'text';
    readonly default: '127.0.0.1';
    readonly help: 'Where the desk listens. Only this computer: 127.0.0.1 or ::1.';
    readonly check: typeof loopbackRule;
}, {
    readonly name: 'port';
    readonly env: 'BHOR_PORT';
    readonly type: 'number';
    readonly default: 7878;
    readonly help: 'The desk: page, API, callbacks.';
    readonly check: typeof portRule;
}, {
    readonly name: 'simulator_port';
    readonly env: 'BHOR_SIMULATOR_PORT';
    readonly type: 'number';
    readonly default: 7890;
    readonly help: 'The simulator, while a sandbox account exists.';
    readonly check: typeof portRule;
}, {
    readonly name: 'key_source';
    readonly env: 'BHOR_KEY_SOURCE';
    readonly type: 'text';
    readonly default: 'auto';
    readonly help: 'Where the master key is: auto, file, credential, keychain, passphrase or environment.';
    readonly check: (v: string | number | boolean) => "auto, file, credential, keychain, passphrase or environment" | undefined;
}, {
    readonly name: 'master_key_file';
    readonly env: 'BHOR_MASTER_KEY_FILE';
    readonly type: 'path';
    readonly help: 'The master key’s file; left out: master.key in the data folder.';
}, {
    readonly name: 'passphrase_file';
    readonly env: 'BHOR_PASSPHRASE_FILE';
    readonly type: 'path';
    readonly help: 'A file with the passphrase, for key_source = "passphrase" without a terminal.';
}, {
    readonly name: 'master_key';
    readonly env: 'BHOR_MASTER_KEY';
    readonly type: 'text';
    readonly secret: true;
    readonly environmentOnly: true;
    readonly help: 'The master key itself; only with allow_env_key, since other programs can read an environment.';
}, {
    readonly name: 'allow_env_key';
    readonly env: 'BHOR_ALLOW_ENV_KEY';
    readonly type: 'flag';
    readonly default: false;
    readonly help: 'Accept BHOR_MASTER_KEY.';
}, {
    readonly name: 'log_level';
    readonly env: 'BHOR_LOG_LEVEL';
    readonly type: 'text';
    readonly default: 'info';
    readonly help: 'debug, info, warn or error.';
    readonly check: (v: string | number | boolean) => "debug, info, warn or error" | undefined;
}, {
    readonly name: 'url';
    readonly env: 'BHOR_URL';
    readonly type: 'text';
    readonly environmentOnly: true;
    readonly help: 'For client programs: the desk to talk to; left out: the socket in the data folder.';
}, {
    readonly name: 'key';
    readonly env: 'BHOR_KEY';
    readonly type: 'text';
    readonly secret: true;
    readonly environmentOnly: true;
    readonly help: 'For client programs: the client key that goes with BHOR_URL.';
}];
export type OptionName = (typeof options)[number]['name'];
declare function loopbackRule(value: string | number | boolean): string | undefined;
/** The known name that is nearest to `name`, if one is near: for typing mistakes. */
export declare function nearest(name: string, known: readonly string[]): string | undefined;
export {};
