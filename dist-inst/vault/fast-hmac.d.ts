/**
 * HMAC-SHA-256 under one key as two one-shot hashes over padded blocks (RFC 2104). `createHmac` makes and
 * tears down a context for every call.
 */
export declare function fastHmac(key: Uint8Array): (text: string) => string;
