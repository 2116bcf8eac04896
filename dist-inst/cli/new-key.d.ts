import type { App } from '../app/open.ts';
/** Says what the master key protects, when this start has made its file. */
export declare function sayNewKey({ newKeyFile }: App): void;
