import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** One stretch of load: every connection sends its next request when the answer to the one before has come. */
export interface Stretch {
  /** Several are shared out in turn, like the requests. */
  readonly ports: readonly number[]
  /** Requests as sent, complete: one a connection, over and over; where they are fewer, they are shared out in turn. */
  readonly requests: readonly string[]
  readonly connections: number
  readonly durationMs: number
}

export interface Outcome {
  /** Answers, all of them with status 200. */
  readonly answers: number
  readonly perSecond: number
  readonly p50Us: number
  readonly p99Us: number
  /** The share of one core that the generator itself used: near 1 it would be what is measured. */
  readonly generatorShare: number
}

export interface LoadGenerator extends Disposable {
  run(stretch: Stretch): Promise<Outcome>
}

/** A process of its own, so that server and client have a core each. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(fileURLToPath(new URL('load-generator.ts', import.meta.url)), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  return {
    run(stretch) {
      return new Promise((resolve, reject) => {
        const onExit = () =>
          reject(new Error('The load generator ended: an answer was not 200, or broke off.'))
        child.once('exit', onExit)
        child.once('message', (outcome) => {
          child.off('exit', onExit)
          resolve(outcome as Outcome)
        })
        child.send(stretch)
      })
    },
    [Symbol.dispose]: () => void child.kill(),
  }
}
