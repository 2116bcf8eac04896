import { Secret } from '../core/secret.ts';
import { type OptionName } from './options.ts';
export type OptionValue = string | number | boolean | undefined;
export type OptionSource = 'flag' | 'environment' | 'file' | 'default';
export interface Config {
    readonly home: string;
    readonly databaseUrl: Secret;
    readonly host: string;
    readonly port: number;
    readonly simulatorPort: number;
    readonly keySource: 'auto' | 'file' | 'credential' | 'keychain' | 'passphrase' | 'environment';
    readonly masterKeyFile: string;
    readonly isMasterKeyFileNamed: boolean;
    readonly passphraseFile: string | undefined;
    readonly masterKey: Secret | undefined;
    readonly allowEnvKey: boolean;
    readonly credentialsDirectory: string | undefined;
    readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
    /** `[hosts.kite] api = "https://…"`: origins by broker and role. */
    readonly hosts: Readonly<Record<string, Readonly<Record<string, string>>>>;
    /** For `bhor config`: every option with where its value came from; secrets masked. */
    readonly explained: readonly ExplainedOption[];
}
export interface ExplainedOption {
    readonly name: string;
    readonly env: string;
    readonly value: string;
    readonly source: OptionSource;
    readonly help: string;
}
export interface LoadOptions {
    readonly env?: Readonly<Record<string, string | undefined>>;
    /** From the command line, by option name. */
    readonly flags?: Readonly<Partial<Record<OptionName, OptionValue>>>;
    readonly readFile?: (path: string) => string | undefined;
}
/**
 * Reads flags, environment and `config.toml`. Nothing unknown is ever ignored.
 *
 * @throws BhorError `config_invalid` naming file, line or variable, and the nearest known name; never the value
 */
export declare function loadConfig({ env, flags, readFile, }?: LoadOptions): Config;
