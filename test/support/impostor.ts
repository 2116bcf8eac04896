import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./impostor-server.mjs', import.meta.url))

/** Somebody else's program at the desk's port while the desk is down. It plants all that a browser keeps. */
export interface Impostor extends AsyncDisposable {
  /** Every request, one line each: method, target, headers, body. */
  heard(): readonly string[]
}

export interface ImpostorOptions {
  readonly port: number
  /** Where it listens; 127.0.0.1 and ::1 when left out. */
  readonly hosts?: readonly string[]
  /** The user whose program it is; this one when left out. */
  readonly uid?: number
  /** Passes `/v1/proof` on to a genuine desk at this port. */
  readonly relayTo?: number
  /** Answers every other request with this, as JSON. */
  readonly json?: string
  /** Answers requests of these paths so, before all else. */
  readonly answers?: Readonly<Record<string, { readonly status: number; readonly json: unknown }>>
}

/** Resolves when it listens. */
export async function startImpostor(options: ImpostorOptions): Promise<Impostor> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let text = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const whole = text.split('\n')
      text = whole.pop() ?? ''
      lines.push(...whole)
      if (lines.includes('listening')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`The impostor ended with ${code}.`)))
  })
  return {
    heard: () => lines.filter((line) => line !== 'listening'),
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}
