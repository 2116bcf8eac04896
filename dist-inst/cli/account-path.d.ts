/** The address of an account, and of what lies below it. @throws BhorError `bad_alias` */
export declare function pathOf(account: string): string;
