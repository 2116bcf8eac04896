import { Command } from 'commander';
import { BhorError } from '../../core/errors.js';
import { pathOf } from '../account-path.js';
import { openDesk } from '../here.js';
import { terminal } from '../terminal.js';
export function testCommand() {
    return new Command('test')
        .description('Ask the broker whether the session lives, by reading the profile.')
        .argument('<account>', 'the account')
        .option('--json', 'print JSON')
        .action(async (account, options) => {
        await using desk = await openDesk();
        const result = (await desk.request('POST', `${pathOf(account)}/test`, {}));
        if (options.json)
            terminal.json(result);
        else if (result.verdict === 'valid')
            terminal.data(`valid: ${result.profile?.userName} (${result.profile?.userId}), ${result.tookMs} ms`);
        if (result.verdict !== 'valid' && result.code !== 'ok') {
            throw new BhorError(result.code, result.text, result.hint === null ? {} : { hint: result.hint });
        }
    });
}
