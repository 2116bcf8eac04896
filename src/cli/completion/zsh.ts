import type { Choice, Place, Value } from './model.ts'

/** For zsh, sourced behind `compinit` or as the file `_bhor` in `$fpath`. */
export function zshCompletion(places: readonly Place[]): string {
  const paths = places.map(({ path }) => path).filter(Boolean)
  const values = places.flatMap(({ path, options }) =>
    options.flatMap(({ word, value }) =>
      value === undefined ? [] : [`    ('${path} ${word}') ${action(value)}; return ;;`],
    ),
  )
  const words = places.map(({ path, commands, options, takes }) => {
    const next = commands.length > 0 ? described('command', commands) : action(takes)
    return `    ('${path} '-*) ${described('option', options)} ;;\n    ('${path} '*) ${next} ;;`
  })
  return `#compdef bhor
# Completes bhor in zsh: source <(bhor completion zsh), behind compinit
_bhor_accounts() { compadd -- \${(f)"$(bhor completion --accounts 2>/dev/null)"} }
_bhor() {
  local at='' i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/$words[i]" in
      (${paths.join('|')}) at="$at/$words[i]" ;;
    esac
  done
  case "$at $words[CURRENT-1]" in
${values.join('\n')}
  esac
  case "$at $words[CURRENT]" in
${words.join('\n')}
  esac
}
if [[ $funcstack[1] == _bhor ]]; then _bhor "$@"; else compdef _bhor bhor; fi
`
}

function described(what: string, choices: readonly Choice[]): string {
  const all = choices.map(({ word, about }) => quoted(`${word}:${about}`)).join(' ')
  return `found=(${all}); _describe ${what === 'option' ? '-o ' : ''}${what} found`
}

function action(value: Value): string {
  if (value === 'account') return '_bhor_accounts'
  if (value === 'file') return '_files'
  return value === 'other' ? ':' : `compadd -- ${value.join(' ')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
