import type { App } from '../app/open.ts';
/**
 * Where the broker sends the browser after a login. It spends a single-use code, so nothing but a real navigation
 * counts: no HEAD, no prefetch, no POST.
 */
export declare function handleCallback(app: App, broker: string, request: Request): Promise<Response>;
