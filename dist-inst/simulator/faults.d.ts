import { type Random } from '../core/random.ts';
/** What can go wrong, and whether the broker has acted by then. */
export declare const faultKinds: {
    /** Waits `delayMs` (5 s), then answers as usual. */
    readonly slow: 'acts';
    /** Refuses with `status` (502) in the broker's own error shape. */
    readonly status: 'does not act';
    /** Refuses with 429 in the broker's own shape, without `Retry-After`. */
    readonly rate_limited: 'does not act';
    /** Tears the connection down before doing anything. */
    readonly reset_before: 'does not act';
    /** Does everything, then tears the connection down without a byte. */
    readonly reset_after: 'acts';
    /** Does everything, then tears the connection down in the middle of the answer. */
    readonly answer_lost: 'acts';
    /** A gateway's HTML error page with `status` (503). */
    readonly html: 'does not act';
    /** 302 to `location` (`/moved`). */
    readonly redirect: 'does not act';
    /** The exchange grants a session of another person. */
    readonly wrong_user: 'acts';
    /** 403, this IP address may not place orders. Orders only, unless `match` says otherwise. */
    readonly ip_refused: 'does not act';
    /** Does everything, then answers with the right status and a body that is no JSON. */
    readonly garbage: 'acts';
    /** Does everything, then answers with 64 MiB. */
    readonly huge: 'acts';
    /** Does everything, then answers one byte each `delayMs` (1 s). */
    readonly drip: 'acts';
};
export type FaultKind = keyof typeof faultKinds;
export interface Fault {
    /** A name to tell it by in the recorded calls and in `/control/state`. */
    readonly id?: string | undefined;
    /** Every broker when left out. */
    readonly broker?: string | undefined;
    /** `path` is below the broker's prefix; `*` stands for any characters. Every call when left out. */
    readonly match?: {
        readonly method?: string | undefined;
        readonly path?: string | undefined;
    } | undefined;
    readonly kind: FaultKind;
    /** How often it strikes, 1 when left out; `Infinity` for always. */
    readonly times?: number | undefined;
    /** In each matching call, 1 when left out; drawn from the seed, so the same calls meet the same faults. */
    readonly probability?: number | undefined;
    readonly status?: number | undefined;
    readonly delayMs?: number | undefined;
    readonly location?: string | undefined;
}
/** What a fault is matched against. */
export interface Target {
    readonly broker: string;
    readonly method: string;
    readonly path: string;
    readonly isOrder: boolean;
    readonly isExchange: boolean;
}
export declare class Faults {
    #private;
    constructor(random: Random);
    /** Arms a fault behind those already armed; the first that strikes wins. Throws `bad_field`. */
    add(fault: Fault): void;
    clear(): void;
    armed(): {
        readonly fault: Fault;
        readonly left: number;
    }[];
    /** The fault that strikes this call, if any. */
    strike(target: Target): Fault | undefined;
}
export declare function matchesPath(pattern: string, path: string): boolean;
