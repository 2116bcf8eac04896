/** The desk's API as the command line uses it, wherever it is. */
export interface ApiClient extends AsyncDisposable {
    /** `socket`: a server of this user. `url`: BHOR_URL. `here`: no server runs, this process does the work. */
    readonly where: 'socket' | 'url' | 'here';
    /** The answer's JSON; undefined for 204. @throws BhorError with the server's own code */
    request(method: string, path: string, body?: unknown): Promise<unknown>;
}
export interface Reply {
    readonly status: number;
    readonly text: string;
}
/** What the server said, or its problem as the error that it is. */
export declare function readReply({ status, text }: Reply): unknown;
/** The errors of a connection that say: nobody is there. */
export declare function isNobodyThere(error: unknown): boolean;
/**
 * One HTTP/1.1 request over a Unix socket or loopback TCP, on a connection of its own. Small on purpose: `bhor token`
 * runs in front of every script.
 */
export declare function exchange(where: {
    readonly path: string;
} | {
    readonly host: string;
    readonly port: number;
}, method: string, path: string, options?: {
    readonly body?: unknown;
    readonly key?: string | undefined;
    readonly timeoutMs?: number;
}): Promise<Reply>;
