import { join, resolve } from 'node:path';
import { BhorError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import { readConfigFile } from './file.js';
import { homeFolder } from './home.js';
import { options } from './options.js';
import { parseToml } from './toml.js';
import { refuseUnknownVariables } from './variables.js';
/**
 * Reads flags, environment and `config.toml`. Nothing unknown is ever ignored.
 *
 * @throws BhorError `config_invalid` naming file, line or variable, and the nearest known name; never the value
 */
export function loadConfig({ env = process.env, flags = {}, readFile = readConfigFile, } = {}) {
    refuseUnknownVariables(env);
    const home = resolve(String(flags.home ?? homeFolder(env)));
    const file = parseToml(readFile(join(home, 'config.toml')), 'config.toml');
    const values = new Map();
    for (const spec of options) {
        values.set(spec.name, pick(spec, flags[spec.name], env[spec.env], file.values.get(spec.name)));
    }
    const get = (name) => values.get(name)?.value;
    const masterKeyFile = get('master_key_file');
    const masterKey = get('master_key');
    refuseSamePort(Number(get('port')), Number(get('simulator_port')));
    return {
        home,
        databaseUrl: new Secret(String(get('database_url') ?? `sqlite:${join(home, 'bhor.db')}`)),
        host: String(get('host')),
        port: Number(get('port')),
        simulatorPort: Number(get('simulator_port')),
        keySource: get('key_source'),
        masterKeyFile: String(masterKeyFile ?? join(home, 'master.key')),
        isMasterKeyFileNamed: masterKeyFile !== undefined,
        passphraseFile: get('passphrase_file'),
        masterKey: masterKey === undefined ? undefined : new Secret(String(masterKey)),
        allowEnvKey: get('allow_env_key') === true,
        credentialsDirectory: env.CREDENTIALS_DIRECTORY,
        logLevel: get('log_level'),
        hosts: file.hosts,
        explained: explain(home, values),
    };
}
function pick(spec, flag, env, file) {
    const where = `config.toml:${file?.line}: ${spec.name}`;
    // Also where a flag or a variable comes before the file: what must not stand there does not do so quietly.
    if (file !== undefined && spec.secret)
        throw new BhorError('config_invalid', `${where} is a secret; secrets do not belong in the file.`, {
            hint: `Set ${spec.env} instead.`,
        });
    if (file !== undefined && spec.environmentOnly)
        throw new BhorError('config_invalid', `${where} can only be set as ${spec.env}.`);
    if (flag !== undefined)
        return {
            value: checked(spec, typeof flag === 'string' ? fromText(spec, flag) : flag, `--${spec.name.replaceAll('_', '-')}`),
            source: 'flag',
        };
    if (env !== undefined && env !== '')
        return { value: checked(spec, fromText(spec, env), spec.env), source: 'environment' };
    if (file !== undefined)
        return { value: checked(spec, file.value, where), source: 'file' };
    return { value: spec.default, source: 'default' };
}
function fromText(spec, text) {
    if (spec.type === 'number')
        return /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (spec.type === 'flag')
        return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    return text;
}
const ruleOf = { text: 'a text', path: 'a path', number: 'a number', flag: 'true or false' };
function checked(spec, value, where) {
    const wanted = { text: 'string', path: 'string', number: 'number', flag: 'boolean' }[spec.type];
    const isWanted = typeof value === wanted && !Number.isNaN(value);
    const rule = spec.check?.(value) ?? (isWanted ? undefined : ruleOf[spec.type]);
    if (rule)
        throw new BhorError('config_invalid', `${where} must be ${rule}.`);
    return value;
}
function refuseSamePort(port, simulatorPort) {
    if (port !== 0 && port === simulatorPort)
        throw new BhorError('config_invalid', `port and simulator_port are both ${port}.`, {
            hint: 'Give each a number of its own.',
        });
}
function explain(home, values) {
    return options.map((spec) => {
        const { value, source } = values.get(spec.name) ?? { value: undefined, source: 'default' };
        const shown = spec.name === 'home' ? home : value === undefined ? '' : spec.secret ? '[secret]' : String(value);
        return { name: spec.name, env: spec.env, value: shown, source, help: spec.help };
    });
}
