import { type Net } from '../contracts/net.ts';
/**
 * The real network: HTTP/1.1 over TCP or TLS with certificate checks, no redirects, no retries, no compression.
 *
 * @see {@link NetError} for what is known after a failure
 */
export declare const systemNet: Net;
