type Environment = Readonly<Record<string, string | undefined>>;
/** The platform's state folder for bhor, unless `BHOR_HOME` names another. */
export declare function homeFolder(env: Environment, platform?: NodeJS.Platform): string;
/** Where a running server answers the command line of the same user. */
export declare function socketPath(home: string): string;
/**
 * What the script commands need before anything is loaded.
 *
 * @throws BhorError `config_invalid` for an unknown variable
 */
export declare function clientEnvironment(): {
    home: string;
    url: string | undefined;
    key: string | undefined;
};
/** https://no-color.org */
export declare function isColourWanted(): boolean;
export {};
