/**
 * Refuses an address that would send the password and every row in clear over a network.
 *
 * @throws BhorError `config_invalid`; the message names the host and nothing else of the address
 */
export declare function checkAddress(address: string): void;
