/** From package.json, which lies two folders up both from the sources and from the build. */
export declare const version: string;
