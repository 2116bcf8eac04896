import { createServer, connect as dial, type Server, type Socket } from 'node:net'

/** A proxy on loopback, which a test can make misbehave. */
export interface TestProxy extends AsyncDisposable {
  /** `http://127.0.0.1:…` or `socks5://127.0.0.1:…` */
  readonly url: string
  readonly port: number
  /** Where it was asked to connect to: `name:port`, in the order of asking. */
  readonly asked: string[]
  /** The source address of its connections, as the world sees it. */
  exit: string
  /** `user:password`; nobody needs one when empty. */
  login: string
  /** Instead of opening a way. */
  answer: 'open' | 'refuse' | 'hang'
}

interface Request {
  readonly host: string
  readonly port: number
}

/** Names are resolved here: every one is this computer. */
function open(proxy: TestProxy, { host, port }: Request): Socket {
  const isV6 = host.includes(':')
  return dial({ host: isV6 ? '::1' : '127.0.0.1', port, ...(isV6 ? {} : { localAddress: proxy.exit }) })
}

function join(near: Socket, far: Socket): void {
  near.pipe(far)
  far.pipe(near)
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const)
    one.on('error', () => other.destroy()).on('close', () => other.destroy())
}

/** HTTP CONNECT, RFC 9110. */
export function startConnectProxy(options: Partial<TestProxy> = {}): Promise<TestProxy> {
  return start('http', options, (proxy, near) => {
    let head = ''
    const read = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      near.off('data', read)
      const [, host = '', port = ''] = /^CONNECT \[?([^\s\]]+)\]?:(\d+) HTTP\/1\.1\r\n/.exec(head) ?? []
      proxy.asked.push(`${host}:${port}`)
      const [, credentials = ''] = /^proxy-authorization: Basic (\S+)$/im.exec(head) ?? []
      const status = (text: string) => void near.end(`HTTP/1.1 ${text}\r\n\r\n`)
      if (proxy.login !== '' && Buffer.from(credentials, 'base64').toString() !== proxy.login)
        return status('407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"')
      if (proxy.answer === 'refuse') return status('403 Forbidden')
      if (proxy.answer === 'hang') return
      const far = open(proxy, { host, port: Number(port) })
      far.once('error', () => status('502 Bad Gateway'))
      far.once('connect', () => {
        far.removeAllListeners('error')
        near.write('HTTP/1.1 200 Connection established\r\nproxy-agent: test\r\n\r\n')
        join(near, far)
      })
    }
    near.on('data', read)
  })
}

/** SOCKS5 with user and password, RFC 1928 and 1929. */
export function startSocksProxy(options: Partial<TestProxy> = {}): Promise<TestProxy> {
  return start('socks5', options, (proxy, near) => {
    let bytes: Buffer = Buffer.alloc(0)
    let step: 'hello' | 'login' | 'request' = 'hello'
    const read = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      if (step === 'hello' && bytes.length >= 2 && bytes.length >= 2 + bytes[1]!) {
        const methods = bytes.subarray(2, 2 + bytes[1]!)
        bytes = bytes.subarray(2 + methods.length)
        const wanted = proxy.login === '' ? 0 : 2
        if (!methods.includes(wanted)) return void near.end(Buffer.from([5, 0xff]))
        near.write(Buffer.from([5, wanted]))
        step = wanted === 0 ? 'request' : 'login'
      }
      if (step === 'login' && bytes.length >= 3 && bytes.length >= 3 + bytes[1]! + bytes[2 + bytes[1]!]!) {
        const [, userLength = 0] = bytes
        const user = bytes.subarray(2, 2 + userLength)
        const password = bytes.subarray(3 + userLength, 3 + userLength + bytes[2 + userLength]!)
        bytes = bytes.subarray(3 + userLength + password.length)
        if (`${user}:${password}` !== proxy.login) return void near.end(Buffer.from([1, 1]))
        near.write(Buffer.from([1, 0]))
        step = 'request'
      }
      if (step !== 'request' || bytes.length < 7) return
      const request = destination(bytes)
      near.off('data', read)
      proxy.asked.push(`${request.host}:${request.port}`)
      const reply = (code: number) => Buffer.from([5, code, 0, 1, 127, 0, 0, 1, 0, 0])
      if (proxy.answer === 'refuse') return void near.end(reply(2))
      if (proxy.answer === 'hang') return
      const far = open(proxy, request)
      far.once('error', () => near.end(reply(5)))
      far.once('connect', () => {
        far.removeAllListeners('error')
        near.write(reply(0))
        join(near, far)
      })
    }
    near.on('data', read)
  })
}

/** A name stays one: who resolved it here would show. */
function destination(bytes: Buffer): Request {
  const [, , , type] = bytes
  const length = type === 3 ? bytes[4]! + 1 : type === 4 ? 16 : 4
  const end = 4 + length
  const host =
    type === 3
      ? bytes.subarray(5, end).toString()
      : type === 4
        ? (bytes.subarray(4, end).toString('hex').match(/.{4}/g) ?? []).join(':')
        : [...bytes.subarray(4, end)].join('.')
  return { host, port: bytes.readUInt16BE(end) }
}

async function start(
  scheme: string,
  { exit = '127.0.0.1', login = '', answer = 'open' }: Partial<TestProxy>,
  serve: (proxy: TestProxy, near: Socket) => void,
): Promise<TestProxy> {
  const near = new Set<Socket>()
  const server: Server = createServer((socket) => {
    near.add(socket)
    socket.on('close', () => near.delete(socket)).on('error', () => {})
    serve(proxy, socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const proxy: TestProxy = {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    asked: [],
    exit,
    login,
    answer,
    async [Symbol.asyncDispose]() {
      for (const socket of near) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
