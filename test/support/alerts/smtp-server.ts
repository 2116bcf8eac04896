import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { selfSigned } from '../self-signed.ts'
import type { FromSmtp, SmtpFaults, SmtpMail, ToSmtp } from './smtp-process.ts'

/** A mail server in a process of its own, on loopback. */
export interface SmtpServer extends AsyncDisposable {
  readonly port: number
  readonly mails: SmtpMail[]
  /** Every command line that came, in order. */
  readonly commands: string[]
  set(faults: SmtpFaults): Promise<void>
  /** Waits until everything that the server has seen is known here. */
  seen(): Promise<void>
  /** Resolves when a message was taken that is not answered. */
  late(): Promise<void>
}

export async function startSmtpServer(
  options: {
    readonly isTls?: boolean
    readonly certificate?: { readonly key: string; readonly cert: string }
  } = {},
): Promise<SmtpServer> {
  const { isTls = false, certificate = selfSigned } = options
  const child = fork(fileURLToPath(new URL('./smtp-process.ts', import.meta.url)), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const mails: SmtpMail[] = []
  const commands: string[] = []
  const waiting: { readonly wants: string; readonly resolve: (message: FromSmtp) => void }[] = []
  const next = (wants: string) => new Promise<FromSmtp>((resolve) => waiting.push({ wants, resolve }))
  child.on('message', (message: FromSmtp) => {
    if ('mail' in message) mails.push(message.mail)
    if ('command' in message) commands.push(message.command)
    const at = waiting.findIndex(({ wants }) => wants in message)
    if (at >= 0) waiting.splice(at, 1)[0]!.resolve(message)
  })
  const tell = (message: ToSmtp) => void child.send(message)
  const started = next('port')
  tell({ start: { ...certificate, isTls } })
  const { port } = (await started) as { port: number }
  return {
    port,
    mails,
    commands,
    async set(faults) {
      const set = next('set')
      tell({ faults })
      await set
    },
    async seen() {
      const set = next('set')
      tell({ flush: true })
      await set
    },
    async late() {
      await next('late')
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}
