import type { KeySource } from './key-source.ts';
/** The name under which a systemd unit passes the key: `LoadCredentialEncrypted=bhor-master-key:…`. */
export declare const credentialName = "bhor-master-key";
/**
 * A key that systemd hands over (https://systemd.io/CREDENTIALS/). Owner and group bits are systemd's: it may give
 * access by an access list, which shows as group bits on a file of root's.
 *
 * @param directory the value of `$CREDENTIALS_DIRECTORY`
 */
export declare function credentialSource({ directory }: {
    directory: string;
}): KeySource;
