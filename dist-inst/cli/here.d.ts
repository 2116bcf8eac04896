import { type ApiClient } from './wire.ts';
/**
 * The desk for one command: the running server, or, where none runs, a whole bhor in this process for as long as the
 * command lasts. `isListening` also opens the desk's port, which a login needs for the broker's redirect.
 */
export declare function openDesk(options?: {
    readonly isListening?: boolean;
}): Promise<ApiClient>;
