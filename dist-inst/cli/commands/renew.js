import { Command } from 'commander';
import { pathOf } from '../account-path.js';
import { openDesk } from '../here.js';
import { terminal } from '../terminal.js';
import { accountLines } from '../texts.js';
export function renewCommand() {
    return new Command('renew')
        .description('Renew without a human, where the broker gave a refresh token.')
        .argument('<account>', 'the account')
        .option('--json', 'print JSON')
        .action(async (account, options) => {
        await using desk = await openDesk();
        const view = (await desk.request('POST', `${pathOf(account)}/renew`, {}));
        if (options.json)
            terminal.json(view);
        else
            terminal.data(accountLines(view));
    });
}
