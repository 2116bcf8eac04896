/**
 * The text of `config.toml`; undefined when there is none.
 *
 * @param self the user who must own it, besides root
 * @throws BhorError `config_invalid`, `permissions_too_wide`
 */
export declare function readConfigFile(path: string, self?: number | undefined): string | undefined;
