import { Command } from 'commander';
import { clientEnvironment, socketPath } from '../../config/home.js';
import { BhorError } from '../../core/errors.js';
import { runningServer } from '../connect.js';
import { terminal } from '../terminal.js';
export function deskCommand() {
    return new Command('desk')
        .description('Print a new sign-in link to the dashboard of the running server.')
        .option('--json', 'print JSON')
        .action(async (options) => {
        const server = await runningServer();
        if (!server) {
            const { home } = clientEnvironment();
            throw new BhorError('server_unreachable', `No bhor server at unix:${socketPath(home)}.`);
        }
        const link = (await server.request('POST', '/v1/desk/link', {}));
        if (options.json)
            return terminal.json(link);
        terminal.data(link.url);
        terminal.say('The link works once and for 10 minutes.');
    });
}
