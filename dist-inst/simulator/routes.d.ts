/** A route of a simulated broker; `:name` in the path stands for one segment. */
export interface Route<Handler> {
    readonly method: string;
    readonly path: string;
    readonly handle: Handler;
}
export type Params = Readonly<Record<string, string>>;
export type Found<R> = {
    readonly kind: 'found';
    readonly route: R;
    readonly params: Params;
} | {
    readonly kind: 'no_method';
} | {
    readonly kind: 'no_path';
};
/** The first route that fits, or what is wrong: another method would do, or no such path. */
export declare function findRoute<R extends Route<unknown>>(routes: readonly R[], method: string, path: string): Found<R>;
