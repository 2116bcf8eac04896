/** Prompts, on stderr and only on a terminal. @throws BhorError `needs_terminal`, `cancelled` */
export declare function askText(message: string, initial?: string): Promise<string>;
/** Like {@link askText}, without echo. */
export declare function askSecret(message: string): Promise<string>;
export declare function askChoice(message: string, choices: readonly {
    value: string;
    label: string;
    hint?: string;
}[]): Promise<string>;
export declare function confirm(message: string): Promise<boolean>;
/** A new one is asked for twice: with a slip in it nobody could open the vault again. */
export declare function askPassphrase(isNew: boolean): Promise<string>;
