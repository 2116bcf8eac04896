import type { MasterKey } from '../master-key.ts';
/** One place that a master key can come from. */
export interface KeySource {
    /** For messages: `master key file`, `systemd credential`, … */
    readonly name: string;
    /** The key; undefined when the place is there to hold one but holds none yet. @throws BhorError `key_unusable`, `permissions_too_wide` */
    load(): Promise<MasterKey | undefined>;
    /** Makes a key and keeps it. Absent where bhor cannot write. */
    create?(): Promise<MasterKey>;
}
