/** What a simulated broker sends back. */
export interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
}
export declare function jsonAnswer(status: number, body: unknown): Answer;
/** `text/csv` without a charset: the official Kite client compares the header literally. */
export declare function csvAnswer(body: string): Answer;
/** No `form-action` in the policy: browsers would apply it to the redirect that follows the form. */
export declare function htmlAnswer(status: number, body: string): Answer;
export declare function redirectAnswer(location: string): Answer;
/** The address with more parameters behind those that it already has. */
export declare function withParams(url: string, params: Iterable<readonly [string, string]>): string;
