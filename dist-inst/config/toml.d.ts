export interface ConfigFile {
    readonly values: ReadonlyMap<string, {
        readonly value: unknown;
        readonly line: number;
    }>;
    readonly hosts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
/**
 * Reads `config.toml`: the options of the table, and `[hosts.<broker>]` with origins by role.
 *
 * @throws BhorError `config_invalid` with file, line and column; the text is never quoted, it may hold a secret
 */
export declare function parseToml(text: string | undefined, fileName: string): ConfigFile;
