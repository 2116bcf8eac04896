import type { Place, Value } from './model.ts'

/** For bash 4 and newer: `source <(bhor completion bash)`. */
export function bashCompletion(places: readonly Place[]): string {
  const paths = places.map(({ path }) => path).filter(Boolean)
  const values = places.flatMap(({ path, options }) =>
    options.flatMap(({ word, value }) =>
      value === undefined ? [] : [`    '${path} ${word}') ${action(value)} ;;`],
    ),
  )
  const arguments_ = places.map(({ path, commands, options, takes }) => {
    const words = commands.length > 0 ? commands.map(({ word }) => word) : takes
    return `    '${path} '-*) ${action(options.map(({ word }) => word))} ;;\n    '${path} '*) ${action(words)} ;;`
  })
  return `# Completes bhor in bash: source <(bhor completion bash)
_bhor_from() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_bhor_accounts() { _bhor_from "$(bhor completion --accounts 2>/dev/null)"; }
_bhor_files() { mapfile -t COMPREPLY < <(compgen -f -- "$word"); compopt -o filenames 2>/dev/null; }
_bhor() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" at='' i
  # bash takes --format=raw for three words.
  if [[ $before == = ]]; then before="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [[ $word == = ]]; then word=''; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/\${COMP_WORDS[i]}" in
      ${paths.join(' | ')}) at="$at/\${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$at $before" in
${values.join('\n')}
    *) case "$at $word" in
${arguments_.join('\n')}
    esac ;;
  esac
}
complete -F _bhor bhor
`
}

function action(value: Value): string {
  if (value === 'account') return '_bhor_accounts'
  if (value === 'file') return '_bhor_files'
  return value === 'other' ? ':' : `_bhor_from '${value.join(' ')}'`
}
