import { isBhorError } from '../core/errors.js';
import { entryOf } from './context.js';
/** Anybody who can reach the callback address can cause these; the audit must not grow at their will. */
const mostPerMinute = 10;
const recorded = [
    'login_state_invalid',
    'login_expired',
    'login_used',
    'callback_incomplete',
    'wrong_page',
];
/** Records callbacks that were turned away before they touched a login, at most ten a minute. */
export class CallbackRefusals {
    #context;
    #minute = 0;
    #count = 0;
    constructor(context) {
        this.#context = context;
    }
    async record(actor, error) {
        if (!isBhorError(error) || !recorded.includes(error.code))
            return;
        const minute = Math.floor(this.#context.clock.nowMs() / 60_000);
        if (minute !== this.#minute)
            [this.#minute, this.#count] = [minute, 0];
        if (++this.#count > mostPerMinute)
            return;
        const refusal = { action: 'login.callback', result: 'refused', code: error.code };
        await this.#context.audit.record(entryOf(this.#context, actor, undefined, refusal));
    }
}
