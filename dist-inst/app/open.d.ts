import type { Config } from '../config/load.ts';
import type { Actor } from '../contracts/audit.ts';
import type { Net } from '../contracts/net.ts';
import type { Sandbox } from '../contracts/sandbox.ts';
import type { Store } from '../contracts/store.ts';
import { type Clock } from '../core/clock.ts';
import { type Random } from '../core/random.ts';
import { type Principal } from '../session/context.ts';
import { Desk } from '../session/desk.ts';
export interface AppOptions {
    readonly config: Config;
    readonly clock?: Clock;
    readonly random?: Random;
    readonly net?: Net;
    readonly sandbox?: Sandbox;
    /** Asks a person for the passphrase; absent where nobody can be asked. */
    readonly askPassphrase?: (isNew: boolean) => Promise<string>;
    /** For what an operator should know while bhor runs. Never holds a secret. */
    readonly log?: (level: 'info' | 'warn' | 'error', text: string, facts?: Readonly<Record<string, unknown>>) => void;
}
/** A whole bhor without a listener: store, vault, audit, domain and keeper, put together. */
export interface App extends AsyncDisposable {
    readonly config: Config;
    readonly desk: Desk;
    readonly store: Store;
    readonly clock: Clock;
    readonly random: Random;
    readonly brokerIds: readonly string[];
    /** The master key's file, when this start made it. */
    readonly newKeyFile: string | undefined;
    /** Where the callback of a broker is reached; set by whoever listens. */
    setOrigin(origin: string): void;
    readonly origin: string;
    /** Everything at once; for the person at this computer. */
    readonly operator: Principal;
    record(actor: Actor, action: 'server.start' | 'server.stop' | 'desk.sign_in' | 'desk.sign_out', detail?: Record<string, string | number>): Promise<void>;
}
/** The principal of a trusted caller. */
export declare function fullRights(kind: Actor['kind'], id?: string): Principal;
/** @throws BhorError `store_…`, `key_…`, `config_invalid` */
export declare function openApp(options: AppOptions): Promise<App>;
