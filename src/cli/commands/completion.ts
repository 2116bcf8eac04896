import { Argument, Command } from 'commander'
import { BhorError } from '../../core/errors.ts'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { type Place, placesOf } from '../completion/model.ts'
import { powershellCompletion } from '../completion/powershell.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { terminal } from '../terminal.ts'

const shells = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
} as const satisfies Record<string, (places: readonly Place[]) => string>

export function completionCommand(): Command {
  return new Command('completion')
    .description('Print what a shell needs to complete commands, options and the names of accounts.')
    .addArgument(new Argument('[shell]', 'which one').choices(Object.keys(shells)))
    .option('--accounts', 'print the names of the accounts instead; nothing where no desk runs')
    .action((name: keyof typeof shells | undefined, _options: unknown, command: Command) => {
      if (name === undefined)
        throw new BhorError('usage', 'Name your shell.', {
          hint: `One of ${Object.keys(shells).join(', ')}: bhor completion bash.`,
        })
      terminal.data(shells[name](placesOf(command.parent!)))
    })
}
