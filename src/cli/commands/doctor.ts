import { Command } from 'commander'
import type { DoctorFinding } from '../../contracts/api.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { terminal } from '../terminal.ts'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check this installation and say what to do about what is wrong.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await using desk = await openDesk()
      const server: DoctorFinding = {
        check: 'server',
        ok: true,
        text:
          desk.where === 'here' ? 'No server runs; this command did the work itself.' : 'The server answers.',
        hint: null,
      }
      const findings = [server, ...(await call(desk, 'GET /v1/doctor'))]
      if (options.json) terminal.json(findings)
      else
        for (const { check, ok, text, hint } of findings)
          terminal.data(
            `${ok ? terminal.green('ok') : terminal.red('!!')}  ${check}: ${text}${hint ? ` ${hint}` : ''}`,
          )
      if (findings.some((finding) => !finding.ok)) process.exitCode = 1
    })
}
