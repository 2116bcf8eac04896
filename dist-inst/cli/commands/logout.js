import { Command } from 'commander';
import { pathOf } from '../account-path.js';
import { openDesk } from '../here.js';
import { terminal } from '../terminal.js';
export function logoutCommand() {
    return new Command('logout')
        .description('End the session, here and at the broker.')
        .argument('<account>', 'the account')
        .option('--json', 'print JSON')
        .action(async (account, options) => {
        await using desk = await openDesk();
        const view = (await desk.request('DELETE', `${pathOf(account)}/session`));
        if (options.json)
            terminal.json(view);
        else
            terminal.say(`${account} is logged out.`);
    });
}
