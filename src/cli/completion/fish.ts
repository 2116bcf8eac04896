import type { Place, Value } from './model.ts'

/** For fish, as `~/.config/fish/completions/bhor.fish`. */
export function fishCompletion(places: readonly Place[]): string {
  const paths = places.map(({ path }) => path).filter(Boolean)
  return `# Completes bhor in fish: bhor completion fish > ~/.config/fish/completions/bhor.fish
function __bhor_at
    set -l at ''
    for word in (commandline -opc)[2..]
        switch "$at/$word"
            case ${paths.join(' ')}
                set at "$at/$word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c bhor -f
${places.flatMap(linesOf).join('\n')}
`
}

function linesOf({ path, commands, options, takes }: Place): string[] {
  const here = `complete -c bhor -n ${quoted(`__bhor_at '${path}'`)}`
  return [
    ...commands.map(({ word, about }) => `${here} -a ${word} -d ${quoted(about)}`),
    ...(commands.length > 0 || takes === 'other' ? [] : [`${here} ${action(takes)}`]),
    ...options.map(
      ({ word, about, value }) =>
        `${here} -l ${word.slice(2)}${value === undefined ? '' : ` -r ${action(value)}`} -d ${quoted(about)}`,
    ),
  ]
}

/** What an option takes, fish offers beside the files that are here, unless it is told not to. */
function action(value: Value): string {
  if (value === 'file') return '-F'
  if (value === 'account') return `-f -a '(bhor completion --accounts 2>/dev/null)'`
  return value === 'other' ? '-f' : `-f -a ${quoted(value.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
