import { Command } from 'commander';
import { BhorError } from '../../core/errors.js';
import { openDesk } from '../here.js';
import { table, terminal } from '../terminal.js';
export function keysCommand() {
    const keys = new Command('keys').description('The client keys by which programs talk to bhor.');
    keys
        .command('add <name>')
        .description('Make a key. It is printed this once.')
        .option('--scopes <list>', 'status, use, read-token, login, admin', 'status,read-token')
        .option('--accounts <list>', 'names of accounts; left out: all')
        .option('--days <n>', 'how long it lasts; left out: until revoked')
        .option('--json', 'print JSON')
        .action(async (name, options) => {
        await using desk = await openDesk();
        const input = {
            name,
            scopes: options.scopes.split(',').map((scope) => scope.trim()),
        };
        if (options.accounts !== undefined)
            input.accounts = options.accounts.split(',').map((account) => account.trim());
        if (options.days !== undefined)
            input.expiresInDays = daysOf(options.days);
        const added = (await desk.request('POST', '/v1/keys', input));
        if (options.json)
            return terminal.json(added);
        terminal.data(added.key);
        terminal.say(`This is the only time that the key is shown. Its id: ${added.id}`);
    });
    keys
        .command('list')
        .description('All keys, without the keys.')
        .option('--json', 'print JSON')
        .action(async (options) => {
        await using desk = await openDesk();
        const all = (await desk.request('GET', '/v1/keys'));
        if (options.json)
            return terminal.json(all);
        if (all.length === 0)
            return terminal.say('No keys yet. Make one: bhor keys add <name>');
        const rows = all.map((key) => [
            key.id,
            key.name,
            key.scopes.join(','),
            key.accounts?.join(',') ?? 'all',
            stateOf(key),
        ]);
        terminal.data(table([['ID', 'NAME', 'SCOPES', 'ACCOUNTS', 'STATE'], ...rows]));
    });
    keys
        .command('revoke <id>')
        .description('Refuse a key from now on.')
        .option('--json', 'print JSON')
        .action(async (id, options) => {
        await using desk = await openDesk();
        const view = (await desk.request('DELETE', `/v1/keys/${encodeURIComponent(id)}`));
        if (options.json)
            terminal.json(view);
        else
            terminal.say(`The key “${view.name}” is revoked.`);
    });
    return keys;
}
function daysOf(text) {
    if (/^\d{1,4}$/.test(text))
        return Number(text);
    throw new BhorError('usage', '--days must be a whole number.');
}
function stateOf(key) {
    if (key.revokedAt !== null)
        return `revoked ${key.revokedAt}`;
    return key.expiresAt === null ? 'valid' : `until ${key.expiresAt}`;
}
