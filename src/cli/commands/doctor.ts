import { Command } from 'commander'
import type { DoctorFinding } from '../../contracts/api.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { type LearnOptions, learn } from '../learn.ts'
import { terminal } from '../terminal.ts'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check this installation and say what to do about what is wrong.')
    .option('--json', 'print JSON')
    .option('--accept-rollback', 'take a store that went back to an earlier state as it is, first')
    .option(
      '--learn [account]',
      'instead: ask the broker what nobody documents, with reads only, and write down what may be sent to the maintainers',
    )
    .option('--yes', 'with --learn: do not ask first')
    .action(async (options: { json?: boolean; acceptRollback?: boolean } & Partial<LearnOptions>) => {
      await using desk = await openDesk()
      const { learn: named, yes } = options
      // Awaited: where no server runs, the store is closed with the desk.
      if (named !== undefined) return await learn(desk, { learn: named, ...(yes ? { yes } : {}) })
      if (options.acceptRollback) {
        const { found } = await call(desk, 'POST /v1/doctor/accept-rollback')
        terminal.say(
          found === null
            ? 'The store has not gone back; there was nothing to accept.'
            : `Accepted. It had been found: ${found} Live sessions are asked about before they are handed out; look over the keys: bhor keys list.`,
        )
      }
      const server: DoctorFinding = {
        check: 'server',
        ok: true,
        gravity: 'fine',
        text:
          desk.where === 'here' ? 'No server runs; this command did the work itself.' : 'The server answers.',
        hint: null,
        command: null,
      }
      const findings = [server, ...(await call(desk, 'GET /v1/doctor'))]
      if (options.json) terminal.json(findings)
      else
        for (const { check, ok, text, hint, command } of findings) {
          const next = [text, hint, hint?.includes(command ?? '') ? null : command]
          terminal.data(
            `${ok ? terminal.green('ok') : terminal.red('!!')}  ${check}: ${next.filter(Boolean).join(' ')}`,
          )
        }
      if (findings.some((finding) => !finding.ok)) process.exitCode = 1
    })
}
