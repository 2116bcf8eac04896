/** The small pages that a broker's redirect ends on. They name no origin but their own and run one script, ours. */
export declare const pageHeaders: {
    readonly 'cache-control': 'no-store';
    readonly 'x-content-type-options': 'nosniff';
    readonly 'referrer-policy': 'no-referrer';
    readonly 'cross-origin-resource-policy': 'same-origin';
    readonly 'content-type': 'text/html; charset=utf-8';
    readonly 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
};
export interface PageText {
    readonly title: string;
    readonly text: string;
    readonly hint?: string;
    /** The window closes by itself. */
    readonly isDone: boolean;
}
export declare function page(status: number, { title, text, hint, isDone }: PageText): Response;
/** `/login/over` is where the address bar ends: an address without a code in it. */
export declare function loginAsset(path: string): Response | undefined;
