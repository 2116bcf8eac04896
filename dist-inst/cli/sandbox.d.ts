import type { Sandbox } from '../contracts/sandbox.ts';
/** The simulator for sandbox accounts, loaded and started when the first one needs it. */
export declare function simulatorSandbox(port: number, say: (text: string) => void): Sandbox & AsyncDisposable;
