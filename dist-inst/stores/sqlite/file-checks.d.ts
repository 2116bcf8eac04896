/** @throws BhorError `store_foreign` on NFS, SMB, 9p and FUSE */
export declare function refuseNetworkFilesystem(folder: string, typeOf?: (path: string) => number): void;
/**
 * Makes the data folder, 0700 from its first moment, or checks the one that is there.
 *
 * @throws BhorError `store_foreign`, `permissions_too_wide` when others may write in it
 */
export declare function prepareFolder(folder: string): void;
/**
 * Checks a file of the store before anything opens it: a plain file of ours, with one name, closed to others.
 *
 * @returns false when nothing is there
 * @throws BhorError `store_foreign`, `permissions_too_wide`
 */
export declare function checkFile(path: string): boolean;
/** Creates an empty file that was never readable by others; fails when anything is there. */
export declare function createPrivateFile(path: string): void;
/** Makes a new name in a folder durable. Windows has no such call and needs none. */
export declare function syncFolder(folder: string): void;
/** The first `length` bytes of a plain file. The file may have been swapped since it was checked. */
export declare function readStart(path: string, length: number): Buffer;
