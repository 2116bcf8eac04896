import { refuseUnknownVariables } from './variables.js';
// Not imported: each ESM import of a built-in module lists all its exports, and `bhor token` runs in front of every script.
const { homedir } = process.getBuiltinModule('node:os');
const { join, resolve } = process.getBuiltinModule('node:path');
/** The platform's state folder for bhor, unless `BHOR_HOME` names another. */
export function homeFolder(env, platform = process.platform) {
    if (env.BHOR_HOME)
        return env.BHOR_HOME;
    if (platform === 'win32')
        return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'bhor');
    if (platform === 'darwin')
        return join(homedir(), 'Library', 'Application Support', 'bhor');
    return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'bhor');
}
/** Where a running server answers the command line of the same user. */
export function socketPath(home) {
    return join(home, 'bhor.sock');
}
/**
 * What the script commands need before anything is loaded.
 *
 * @throws BhorError `config_invalid` for an unknown variable
 */
export function clientEnvironment() {
    const { env } = process;
    refuseUnknownVariables(env);
    return { home: resolve(homeFolder(env)), url: env.BHOR_URL, key: env.BHOR_KEY };
}
/** https://no-color.org */
export function isColourWanted() {
    return !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}
