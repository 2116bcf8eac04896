import { toBhorError } from '../core/errors.js';
import { terminal } from './terminal.js';
/** Runs `work` and tells on stderr what it throws. @returns the exit code */
export async function exitCodeOf(work) {
    try {
        return await work();
    }
    catch (cause) {
        const error = toBhorError(cause);
        terminal.error(error);
        return error.exitCode;
    }
}
/** A fault of our own that nobody caught: its text and its stack may hold anything, so neither is shown. */
export function tellFaults() {
    process.removeAllListeners('uncaughtException').on('uncaughtException', (cause) => {
        terminal.error(toBhorError(cause));
        process.exit(1);
    });
}
