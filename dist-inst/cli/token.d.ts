import type { ApiClient } from './wire.ts';
export interface TokenWish {
    readonly account: string;
    readonly format: 'raw' | 'json' | 'env';
    readonly minLife?: string;
    readonly kind?: string;
}
/** `bhor token`: the session of an account as text for a script. */
export declare function tokenText(client: ApiClient, wish: TokenWish): Promise<string>;
/** The plain uses of `bhor token`; undefined for anything that wants the full parser (help, mistakes). */
export declare function readTokenArguments(args: readonly string[]): TokenWish | undefined;
/** The formats by name, or an error that lists them. */
export declare function tokenFormat(text: string): TokenWish['format'];
