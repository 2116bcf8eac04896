import { connect, type Socket } from 'node:net'

/** What somebody of this computer without a key does to the desk's port. */
interface Attack {
  readonly connections: number
  /** One connection, from its opening on. */
  readonly on: (socket: Socket, host: string) => void
}

const get = (host: string, path: string, ...more: string[]) =>
  `${[`GET ${path} HTTP/1.1`, `Host: ${host}`, ...more].join('\r\n')}\r\n\r\n`
/** A sign-in: the one body that is read without a key. */
const post = (host: string, ...more: string[]) =>
  `${['POST /v1/desk/sign-in HTTP/1.1', `Host: ${host}`, 'Sec-Fetch-Site: same-origin', 'Content-Type: application/json', ...more].join('\r\n')}\r\n\r\n`
const megabytes = (count: number, text: string) => text.repeat(Math.ceil((count * 1024 * 1024) / text.length))

/** Sends `text` again whenever an answer has come. */
function askAgain(socket: Socket, text: string): void {
  socket.on('data', () => socket.write(text)).write(text)
}
/** Sends `text` for ever, as fast as it is taken. */
function pour(socket: Socket, text: string): void {
  const more = () => {
    while (socket.writable && socket.write(text));
  }
  socket.on('drain', more)
  more()
}
/** Sends a letter a second for ever. */
function dribble(socket: Socket): void {
  const timer = setInterval(() => socket.write('a'), 1000)
  socket.once('close', () => clearInterval(timer))
}

export const attacks = {
  'documents, 3 MB of requests at once': {
    connections: 20,
    on: (socket, host) => void socket.resume().write(megabytes(3, get(host, '/openapi.json'))),
  },
  'the same, never read': {
    connections: 20,
    on: (socket, host) => void socket.pause().write(megabytes(3, get(host, '/openapi.json'))),
  },
  'the page, 1 MB of requests at once': {
    connections: 20,
    on: (socket, host) => void socket.resume().write(megabytes(1, get(host, '/'))),
  },
  'small requests without end': {
    connections: 20,
    on: (socket, host) => pour(socket.resume(), get(host, '/healthz').repeat(1000)),
  },
  'the smallest that HTTP knows, refused': {
    connections: 20,
    on: (socket) => pour(socket.resume(), 'GET / HTTP/1.1\r\nHost:x\r\n\r\n'.repeat(2500)),
  },
  'connections that never read': {
    connections: 1030,
    on: (socket, host) => void socket.pause().write(get(host, '/openapi.json').repeat(200)),
  },
  'idle connections': { connections: 1100, on: (socket) => void socket.resume() },
  'connections that come and go': {
    connections: 100,
    on: (socket, host) => void socket.resume().write(get(host, '/healthz', 'Connection: close')),
  },
  'a check on each of many connections': {
    connections: 1000,
    on: (socket, host) => askAgain(socket, get(host, '/healthz')),
  },
  'junk keys': {
    connections: 200,
    on: (socket, host) =>
      askAgain(socket, get(host, '/v1/accounts', `Authorization: Bearer bhor_${'A'.repeat(43)}`)),
  },
  'heads, a letter a second': {
    connections: 600,
    on(socket, host) {
      socket.resume().write(`GET / HTTP/1.1\r\nHost: ${host}\r\nX: `)
      dribble(socket)
    },
  },
  'bodies, a letter a second': {
    connections: 600,
    on(socket, host) {
      socket.resume().write(post(host, 'Content-Length: 60000'))
      dribble(socket)
    },
  },
  'bodies without end': {
    connections: 200,
    on(socket, host) {
      socket.resume().write(post(host, 'Transfer-Encoding: chunked'))
      pour(socket, `8000\r\n${'a'.repeat(0x8000)}\r\n`.repeat(8))
    },
  },
  'bodies that break off': {
    connections: 100,
    on: (socket, host) =>
      void socket
        .resume()
        .write(`${post(host, 'Content-Length: 60000')}{"token":`, () => socket.resetAndDestroy()),
  },
} as const satisfies Readonly<Record<string, Attack>>
export type AttackName = keyof typeof attacks
export const attackNames = Object.keys(attacks) as AttackName[]

/** How soon a connection that was closed or refused is opened again. */
const againAfterMs = 20

/** Attacks until the process ends. @returns how many connections were opened so far */
export function attack(name: AttackName, port: number): () => number {
  const { connections, on } = attacks[name]
  let opened = 0
  const open = () => {
    const socket = connect(port, '127.0.0.1', () => {
      opened++
      on(socket, `127.0.0.1:${port}`)
    })
    socket.on('error', () => {})
    socket.once('close', () => setTimeout(open, againAfterMs))
  }
  for (let at = 0; at < connections; at++) open()
  return () => opened
}
