import { Command } from 'commander';
import { loadConfig } from '../../config/load.js';
import { table, terminal } from '../terminal.js';
export function configCommand() {
    return new Command('config')
        .description('Every option: its value, where that comes from, what it means. Secrets are masked.')
        .option('--json', 'print JSON')
        .action((options) => {
        const { explained, hosts } = loadConfig();
        if (options.json)
            return terminal.json({ options: explained, hosts });
        terminal.data(table([
            ['OPTION', 'VALUE', 'FROM', 'VARIABLE', 'MEANING'],
            ...explained.map((o) => [o.name, o.value || '-', o.source, o.env, o.help]),
        ]));
        for (const [broker, roles] of Object.entries(hosts)) {
            for (const [role, origin] of Object.entries(roles))
                terminal.data(`hosts.${broker}.${role} = ${origin}`);
        }
    });
}
