/** What `bhor token --format env` prints. Whoever has loaded that still gets to run bhor. */
export declare const tokenVariables: {
    readonly account: 'BHOR_ACCOUNT';
    readonly accessToken: 'BHOR_ACCESS_TOKEN';
    readonly apiKey: 'BHOR_API_KEY';
    readonly baseUrl: 'BHOR_BASE_URL';
    readonly userId: 'BHOR_USER_ID';
    readonly expiresAt: 'BHOR_EXPIRES_AT';
};
/** @throws BhorError `config_invalid` for a `BHOR_…` variable that is no option, naming the nearest one */
export declare function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void;
