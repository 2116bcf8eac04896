import type { App } from '../app/open.ts';
import { DeskSessions } from './desk-sessions.ts';
export interface ServeOptions {
    readonly app: App;
    /** Where the built dashboard is. */
    readonly dashboardFolder: string;
    /** The Unix socket for the command line of the same user; none when left out. */
    readonly socketPath?: string;
    readonly log?: (level: 'info' | 'warn' | 'error', text: string, facts?: Readonly<Record<string, unknown>>) => void;
}
export interface DeskServer extends AsyncDisposable {
    /** `http://127.0.0.1:7878` */
    readonly origin: string;
    readonly sessions: DeskSessions;
}
/** Opens the desk's two doors. @throws BhorError `port_in_use`, `config_invalid`, `store_foreign` */
export declare function serveDesk(options: ServeOptions): Promise<DeskServer>;
