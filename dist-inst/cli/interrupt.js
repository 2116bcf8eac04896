import { BhorError } from '../core/errors.js';
/** Aborts when the person or the system wants the command to end; until then the default, a sudden death, is off. */
export function onInterrupt() {
    const controller = new AbortController();
    const stop = () => controller.abort(new BhorError('cancelled', 'Cancelled.'));
    const signals = ['SIGINT', 'SIGTERM'];
    for (const name of signals)
        process.once(name, stop);
    return {
        signal: controller.signal,
        [Symbol.dispose]() {
            for (const name of signals)
                process.removeListener(name, stop);
        },
    };
}
