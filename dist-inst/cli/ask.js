import { BhorError } from '../core/errors.js';
import { terminal } from './terminal.js';
/** Prompts, on stderr and only on a terminal. @throws BhorError `needs_terminal`, `cancelled` */
export async function askText(message, initial) {
    const prompts = await promptsOrThrow(message);
    const options = initial === undefined ? { message } : { message, initialValue: initial };
    return answered(await prompts.text({ ...options, output: process.stderr }), prompts);
}
/** Like {@link askText}, without echo. */
export async function askSecret(message) {
    const prompts = await promptsOrThrow(message);
    return answered(await prompts.password({ message, output: process.stderr }), prompts);
}
export async function askChoice(message, choices) {
    const prompts = await promptsOrThrow(message);
    return answered(await prompts.select({ message, options: [...choices], output: process.stderr }), prompts);
}
export async function confirm(message) {
    const prompts = await promptsOrThrow(message);
    return answered(await prompts.confirm({ message, output: process.stderr }), prompts);
}
/** A new one is asked for twice: with a slip in it nobody could open the vault again. */
export async function askPassphrase(isNew) {
    if (!isNew)
        return askSecret('Passphrase of the vault');
    const first = await askSecret('Choose a passphrase for the vault');
    if ((await askSecret('The same passphrase again')) === first)
        return first;
    throw new BhorError('cancelled', 'The two passphrases differ. Nothing was made.');
}
async function promptsOrThrow(what) {
    if (!terminal.canAsk)
        throw new BhorError('needs_terminal', `This would ask: “${what}”, but there is no terminal.`);
    return import('@clack/prompts');
}
function answered(answer, prompts) {
    if (prompts.isCancel(answer))
        throw new BhorError('cancelled', 'Cancelled.');
    return answer;
}
