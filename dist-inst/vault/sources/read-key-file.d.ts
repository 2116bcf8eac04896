export interface ReadKeyFile {
    readonly path: string;
    /** Mode bits that must not be set; 0 to accept any. */
    readonly forbiddenBits: number;
    /** Whether the file must belong to the user that runs bhor. */
    readonly mustBeOwn: boolean;
}
/**
 * Reads a small private file without following links or waiting on a pipe; undefined when there is none.
 *
 * @throws BhorError `key_unusable`, `permissions_too_wide`
 */
export declare function readKeyFile({ path, forbiddenBits, mustBeOwn }: ReadKeyFile): Buffer | undefined;
