import { spawn } from 'node:child_process'
import type { Ended } from './at-the-terminal.ts'

/**
 * Runs a line of bash with a terminal as its stdin, stdout and stderr (`script` of util-linux).
 *
 * @param answers typed once the terminal shows what belongs to it
 * @returns all that the terminal showed, as stdout
 */
export function onTerminal(
  line: string,
  env: NodeJS.ProcessEnv,
  answers: readonly (readonly [shown: RegExp, typed: string])[] = [],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the shell too. dash ends by it, whatever its command does; bash asks how that ended.
    const child = spawn('script', ['-qefc', `stty cols 200 rows 50; ${line}`, '/dev/null'], {
      env: { ...env, SHELL: '/bin/bash' },
    })
    const waiting = [...answers]
    let stdout = ''
    let seen = 0
    child.once('error', reject)
    child.stdin.on('error', () => {})
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const [next] = waiting
      if (!next?.[0].test(stdout.slice(seen))) return
      seen = stdout.length
      waiting.shift()
      child.stdin.write(next[1])
    })
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr: '' }))
  })
}
