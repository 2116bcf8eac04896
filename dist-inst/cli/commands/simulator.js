import { Command } from 'commander';
import { loadConfig } from '../../config/load.js';
import { BhorError } from '../../core/errors.js';
import { terminal } from '../terminal.js';
export function simulatorCommand() {
    return new Command('simulator')
        .description('Run the misbehaving brokers on this computer, for tests and for looking around. Memory only.')
        .option('--port <n>', 'where it listens')
        .option('--seed <text>', 'makes its faults repeatable')
        .action(async (options) => {
        const port = options.port === undefined ? loadConfig().simulatorPort : Number(options.port);
        if (!/^\d{1,5}$/.test(options.port ?? '0') || port > 65_535)
            throw new BhorError('usage', '--port must be a whole number from 0 to 65535.');
        const { runSimulator } = await import('../../simulator/command.js');
        const stopping = new AbortController();
        for (const signal of ['SIGINT', 'SIGTERM'])
            process.once(signal, () => stopping.abort());
        await runSimulator({ port, seed: options.seed, print: terminal.sayLink, signal: stopping.signal });
    });
}
