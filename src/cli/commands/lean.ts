import { Command } from 'commander'
import { openDesk } from '../here.ts'
import { chosen, leanCommands } from '../lean.ts'
import { terminal } from '../terminal.ts'

/** The full parser's side of a lean command: help, mistakes, and work where no server runs. */
export function leanCommand(name: keyof typeof leanCommands): Command {
  const { about, options, run } = leanCommands[name]
  const command = new Command(name).description(about).argument('<account>', 'the account')
  for (const option of Object.values(options)) {
    if (option.value === undefined) command.option(option.flag, option.help)
    else
      command.option(`${option.flag} <${option.value}>`, option.help, (value: string) =>
        chosen(option, value),
      )
  }
  return command.action(async (account: string, given: Record<string, string | true>) => {
    await using desk = await openDesk()
    terminal.data(await run(desk, account, given))
  })
}
