import { BhorError } from '../core/errors.ts';
/**
 * The one file that writes to the terminal. stdout is data only; talk goes to stderr, so that a pipe never sees it.
 * Colour only on a terminal and without NO_COLOR; no prompt without a terminal; every talk line is scrubbed.
 */
export declare const terminal: {
    /** Data, for people or pipes. The only way by which a secret that was asked for leaves. */
    data(text: string): void;
    json(value: unknown): void;
    /** Talk. */
    say(text: string): void;
    /** Talk that shows a one-time link, which redaction would take out. */
    sayLink(text: string): void;
    error(error: BhorError): void;
    /** Is there a person in front of the talk? */
    readonly isSeen: boolean;
    readonly canAsk: boolean;
    bold: (text: string) => string;
    dim: (text: string) => string;
    green: (text: string) => string;
    yellow: (text: string) => string;
    red: (text: string) => string;
};
/** Told once by the entry, which knows the environment. */
export declare function useColour(isWanted: boolean): void;
/** A table with aligned columns, for `data`. */
export declare function table(rows: readonly (readonly string[])[]): string;
/**
 * Everything on stdin as one secret: a newline, CRLF or byte-order mark at an end is taken off and said.
 *
 * @throws BhorError `bad_secret` when it is empty or larger than 64 KiB
 */
export declare function readSecretInput(what: string): Promise<string>;
/** @throws BhorError `bad_secret` when nothing is left */
export declare function trimmedSecret(text: string, what: string): string;
