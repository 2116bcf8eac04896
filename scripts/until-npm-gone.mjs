// Whoever kills npm by its number leaves the script behind, which nobody tells: so it looks.
import { readFileSync } from 'node:fs'

/** Calls `gone` once the npm that ran this script has ended. Does nothing where no npm did. */
export function untilNpmGone(gone, env = process.env) {
  if (env.npm_lifecycle_event === undefined) return
  const [parent, above] = line()
  const timer = setInterval(() => {
    const now = line()
    if (now[0] === parent && now[1] === above) return
    clearInterval(timer)
    gone()
  }, 500)
  timer.unref()
}

/** The parent, and, where that is the shell which npm puts between on some systems, the shell's parent. */
function line() {
  const parent = process.ppid
  try {
    const words = readFileSync(`/proc/${parent}/cmdline`, 'utf8').split('\0')
    if (words[1] !== '-c') return [parent, undefined]
    // The name in brackets may hold anything, also brackets.
    const [, above] = readFileSync(`/proc/${parent}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return [parent, above]
  } catch {
    return [parent, undefined]
  }
}
