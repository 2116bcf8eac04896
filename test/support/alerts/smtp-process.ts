import { createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'

/** A mail server of a few commands in a process of its own: RFC 5321, STARTTLS, AUTH PLAIN and LOGIN, and faults on demand. */
export interface SmtpFaults {
  /** As somebody on the way does who wants to read along. */
  readonly stripsStartTls?: boolean
  readonly refusesPassword?: boolean
  readonly refusesReceiver?: boolean
  /** Accepts connections and says nothing. */
  readonly isSilent?: boolean
  /** Takes a message and never says so. */
  readonly answersLate?: boolean
  readonly isFull?: boolean
}
export interface SmtpMail {
  readonly from: string
  readonly to: readonly string[]
  readonly data: string
  readonly isProtected: boolean
  readonly user: string
}
export type ToSmtp =
  | { readonly start: { readonly key: string; readonly cert: string; readonly isTls: boolean } }
  | { readonly faults: SmtpFaults }
  /** Whatever came before is told before the answer. */
  | { readonly flush: true }
export type FromSmtp =
  | { readonly port: number }
  | { readonly set: true }
  | { readonly mail: SmtpMail }
  | { readonly command: string }
  /** A message was taken and is not answered. */
  | { readonly late: true }

let faults: SmtpFaults = {}
const say = (message: FromSmtp) => void process.send?.(message)

function talk(plain: Socket, context: SecureContext, isTls: boolean): void {
  const line = {
    socket: plain as Socket | TLSSocket,
    isProtected: false,
    user: '',
    from: '',
    to: [] as string[],
    buffer: '',
    state: 'command' as 'command' | 'data' | 'plain' | 'user' | 'password',
  }
  const write = (text: string) => line.socket.write(`${text}\r\n`)
  const protect = (socket: Socket) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: context })
    secured.on('error', () => socket.destroy())
    line.isProtected = true
    line.buffer = ''
    line.socket = secured
    return secured
  }
  const finishLogin = (isRight: boolean) => {
    line.state = 'command'
    write(
      isRight && !faults.refusesPassword
        ? '235 2.7.0 Accepted'
        : '535 5.7.8 Username and Password not accepted',
    )
  }
  const commands: Readonly<Record<string, (rest: string) => void>> = {
    EHLO() {
      const offers = [
        '250-localhost',
        ...(line.isProtected || faults.stripsStartTls ? [] : ['250-STARTTLS']),
        ...(line.isProtected ? ['250-AUTH PLAIN LOGIN'] : []),
        '250 8BITMIME',
      ]
      write(offers.join('\r\n'))
    },
    STARTTLS() {
      if (faults.stripsStartTls) return void write('454 4.7.0 TLS not available')
      write('220 2.0.0 Ready to start TLS')
      plain.removeAllListeners('data')
      listen(protect(plain))
    },
    AUTH(rest) {
      const [kind = '', given] = rest.split(' ')
      if (kind.toUpperCase() === 'LOGIN') {
        line.state = 'user'
        return void write(`334 ${Buffer.from('Username:').toString('base64')}`)
      }
      const [, user = ''] = Buffer.from(given ?? '', 'base64')
        .toString()
        .split('\0')
      line.user = user
      finishLogin(user !== '')
    },
    MAIL(rest) {
      line.from = /<(.*)>/.exec(rest)?.[1] ?? ''
      write('250 2.1.0 OK')
    },
    RCPT(rest) {
      if (faults.refusesReceiver) return void write('550 5.1.1 No such user here')
      line.to.push(/<(.*)>/.exec(rest)?.[1] ?? '')
      write('250 2.1.5 OK')
    },
    DATA() {
      line.state = 'data'
      write('354 Go ahead')
    },
    NOOP: () => void write('250 OK'),
    RSET: () => void write('250 OK'),
    QUIT() {
      write('221 Bye')
      line.socket.end()
    },
  }
  const take = (text: string) => {
    if (line.state === 'user') {
      line.user = Buffer.from(text, 'base64').toString()
      line.state = 'password'
      return void write(`334 ${Buffer.from('Password:').toString('base64')}`)
    }
    if (line.state === 'password') return finishLogin(true)
    const [verb = '', ...rest] = text.split(' ')
    say({ command: text })
    const command = commands[verb.toUpperCase()]
    if (command) command(rest.join(' '))
    else write('502 5.5.1 Unrecognized command')
  }
  const takeData = (data: string) => {
    line.state = 'command'
    const { from, to, isProtected, user } = line
    line.to = []
    if (faults.isFull) return void write('452 4.3.1 Insufficient system storage')
    say({ mail: { from, to, data, isProtected, user } })
    if (faults.answersLate) return say({ late: true })
    write('250 2.0.0 Queued')
  }
  const listen = (socket: Socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      line.buffer += chunk.toString('latin1')
      for (;;) {
        const end = line.state === 'data' ? '\r\n.\r\n' : '\r\n'
        const at = line.buffer.indexOf(end)
        if (at < 0) return
        const text = line.buffer.slice(0, at)
        line.buffer = line.buffer.slice(at + end.length)
        if (line.state === 'data') takeData(Buffer.from(text, 'latin1').toString('utf8'))
        else take(text)
      }
    })
  }
  listen(isTls ? protect(plain) : plain)
  if (!faults.isSilent) write('220 localhost ESMTP')
}

process.on('message', (message: ToSmtp) => {
  if ('flush' in message) return say({ set: true })
  if ('faults' in message) {
    faults = message.faults
    return say({ set: true })
  }
  const { key, cert, isTls } = message.start
  const context = createSecureContext({ key, cert })
  const server = createServer((socket) => talk(socket, context, isTls))
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address && typeof address === 'object') say({ port: address.port })
  })
})
