type Environment = Readonly<Record<string, string | undefined>>;
/** Settings of Node itself that would undo bhor's protection. @throws BhorError `environment_refused` */
export declare function refuseUnsafeEnvironment(env?: Environment, nodeArguments?: readonly string[]): void;
/** What an operator should hear at the start, one sentence each. Values are never quoted. */
export declare function environmentWarnings(env?: Environment, userId?: number | undefined): string[];
export {};
