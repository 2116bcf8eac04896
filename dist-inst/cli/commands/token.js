import { Command } from 'commander';
import { openDesk } from '../here.js';
import { terminal } from '../terminal.js';
import { tokenFormat, tokenText } from '../token.js';
export function tokenCommand() {
    return new Command('token')
        .description('Print the access token of a live session, and nothing else. Every hand-out is recorded.')
        .argument('<account>', 'the account')
        .option('--format <format>', 'raw, json or env', tokenFormat, 'raw')
        .option('--json', 'the same as --format json')
        .option('--min-life <duration>', 'fail unless it lasts at least this long, e.g. 20m')
        .option('--kind <kind>', 'another token than access, e.g. extended (Upstox, read only)')
        .action(async (account, options) => {
        await using desk = await openDesk();
        const format = options.json ? 'json' : options.format;
        const { minLife, kind } = options;
        const wish = {
            account,
            format,
            ...(minLife === undefined ? {} : { minLife }),
            ...(kind === undefined ? {} : { kind }),
        };
        terminal.data(await tokenText(desk, wish));
    });
}
