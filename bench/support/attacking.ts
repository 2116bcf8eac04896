import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { AttackName } from './attacks.ts'

export interface Attacking extends Disposable {
  /** Resolves once so many connections were opened. */
  hasOpened(count: number): Promise<void>
}

/** An attack in a process of its own, until it is disposed of. */
export function startAttack(name: AttackName, port: number): Attacking {
  const child = fork(fileURLToPath(new URL('attacker.ts', import.meta.url)), [name, String(port)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  return {
    hasOpened: (count) =>
      new Promise((resolve, reject) => {
        child.on('message', (opened) => {
          if (Number(opened) >= count) resolve()
        })
        child.once('exit', () => reject(new Error(`The attack “${name}” ended.`)))
      }),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  }
}
