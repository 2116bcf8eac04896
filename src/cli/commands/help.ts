import { Command } from 'commander'
import { nearest } from '../../config/options.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'

/** `bhor help accounts add`: what `bhor accounts add --help` says. */
export function helpCommand(): Command {
  return new Command('help')
    .description('What a command does, with examples.')
    .argument('[command...]', 'its words; left out: all commands')
    .action((words: string[], _options: unknown, command: Command) => {
      let at = command.parent ?? command
      for (const word of words) {
        const next = at.commands.find((each) => each.name() === word)
        if (!next) throw unknown(word, at)
        at = next
      }
      at.outputHelp()
    })
}

function unknown(word: string, { commands }: Command): BhorError {
  const near = nearest(
    word,
    commands.map((command) => command.name()),
  )
  return new BhorError('usage', `Unknown command '${printable(word, 40)}'.`, {
    hint: near === undefined ? 'bhor help lists the commands.' : `Did you mean ${near}?`,
  })
}
