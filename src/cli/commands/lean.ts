import { Command } from 'commander'
import { neededServer } from '../connect.ts'
import { openDesk } from '../here.ts'
import { chosen, leanCommands } from '../lean.ts'
import { terminal } from '../terminal.ts'

/** The full parser's side of a lean command: help, mistakes, and work where no server runs. */
export function leanCommand(name: keyof typeof leanCommands): Command {
  const { about, options, needsServer, takesCommand, run } = leanCommands[name]
  const command = new Command(name).description(about).argument('<account>', 'the account')
  for (const option of Object.values(options)) {
    if (option.value === undefined) command.option(option.flag, option.help)
    else
      command.option(`${option.flag} <${option.value}>`, option.help, (value: string) =>
        chosen(option, value),
      )
  }
  if (takesCommand) command.argument('<command...>', 'what runs, with its arguments, behind --')
  return command.action(async (account: string, ...more: readonly unknown[]) => {
    const words = (takesCommand ? more[0] : []) as readonly string[]
    const given = more[takesCommand ? 1 : 0] as Record<string, string | true>
    await using desk = await (needsServer ? neededServer() : openDesk())
    const result = await run(desk, account, given, words)
    if (typeof result === 'number') process.exitCode = result
    else if (result !== '') terminal.data(result)
  })
}
