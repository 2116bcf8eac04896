import { Command } from 'commander';
import { openDesk } from '../here.js';
import { terminal } from '../terminal.js';
export function doctorCommand() {
    return new Command('doctor')
        .description('Check this installation and say what to do about what is wrong.')
        .option('--json', 'print JSON')
        .action(async (options) => {
        await using desk = await openDesk();
        const server = {
            check: 'server',
            ok: true,
            text: desk.where === 'here' ? 'No server runs; this command did the work itself.' : 'The server answers.',
            hint: null,
        };
        const findings = [server, ...(await desk.request('GET', '/v1/doctor'))];
        if (options.json)
            terminal.json(findings);
        else
            for (const { check, ok, text, hint } of findings)
                terminal.data(`${ok ? terminal.green('ok') : terminal.red('!!')}  ${check}: ${text}${hint ? ` ${hint}` : ''}`);
        if (findings.some((finding) => !finding.ok))
            process.exitCode = 1;
    });
}
