import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { systemClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'

const net = process.getBuiltinModule('node:net')

/** How long requests may take to finish when a door closes. */
const finishWithinMs = 4_000

/** As often as the system may name a port that is taken at the other address. */
const mostTries = 20

/** The listener of a server at the other loopback address. */
const twins = new WeakMap<Server, NetServer>()

/**
 * Takes the port at both loopback addresses, 127.0.0.1 and ::1: a browser looks for a name below `localhost` at ::1 first, so
 * whoever listened there would get what is meant for the desk. A computer without ::1 has nobody there either.
 *
 * @throws BhorError `port_in_use`, `config_invalid`
 */
export async function listenOnLoopback(server: Server, port: number, host: string): Promise<void> {
  const twinHost = host === '::1' ? '127.0.0.1' : '::1'
  for (let tries = 1; ; tries++) {
    await listenOnPort(server, port, host)
    const { port: taken } = server.address() as AddressInfo
    // As Node's HTTP server does it.
    const twin = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      server.emit('connection', socket),
    )
    twin.maxConnections = server.maxConnections
    try {
      await listening(twin, { port: taken, host: twinHost })
      twins.set(server, twin)
      return
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return
      await closeServer(server)
      const isOurChoice = port === 0 && code === 'EADDRINUSE' && tries < mostTries
      if (!isOurChoice) throw twinFault(error as NodeJS.ErrnoException, taken, twinHost)
    }
  }
}

function twinFault(error: NodeJS.ErrnoException, port: number, host: string): unknown {
  if (error.code !== 'EADDRINUSE') return portFault(error, port, host)
  return new BhorError('port_in_use', `Port ${port} is in use by another program at ${host}.`, {
    hint: 'bhor needs its port at 127.0.0.1 and ::1, where browsers look for its page. Stop the other program or choose another port.',
    cause: error,
  })
}

/** @throws BhorError `port_in_use`, `config_invalid` where the address is not this computer's */
export function listenOnPort(
  server: Server,
  port: number,
  host: string,
  noAddressHint?: string,
): Promise<void> {
  return listening(server, { port, host }).catch((error: NodeJS.ErrnoException) => {
    throw portFault(error, port, host, noAddressHint)
  })
}

/** What a failed bind means. */
export function portFault(
  error: NodeJS.ErrnoException,
  port: number,
  host: string,
  noAddressHint = 'Set BHOR_HOST to the loopback address that this computer has, 127.0.0.1 or ::1.',
): unknown {
  const { code } = error
  if (code === 'EADDRINUSE')
    return new BhorError('port_in_use', `Port ${port} is in use by another program.`, { cause: error })
  if (code === 'EACCES') {
    return new BhorError('port_in_use', `Port ${port} is reserved by the system for root.`, {
      hint: 'Choose a port above 1023.',
      cause: error,
    })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
    const text = `This computer has no address ${host}.`
    return new BhorError('config_invalid', text, { hint: noAddressHint, cause: error })
  }
  return error
}

/**
 * Opens a Unix socket that only this user can use, from its first moment on. A socket that a dead server left behind
 * is replaced; that of a living one, or a file of any other kind, is not.
 *
 * @throws BhorError `port_in_use`, `store_foreign`, `config_invalid` for a path that is too long for a socket
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  const longest = process.platform === 'darwin' ? 103 : 107
  if (process.platform !== 'win32' && Buffer.byteLength(path) > longest) {
    throw new BhorError(
      'config_invalid',
      `The path of the data folder is too long for a socket (${path.length}).`,
      {
        hint: `Set BHOR_HOME to a shorter path: with /bhor.sock at most ${longest} bytes.`,
      },
    )
  }
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (entry && !entry.isSocket()) {
    throw new BhorError('store_foreign', 'Where bhor’s socket belongs, there is something else: bhor.sock.', {
      hint: `Look what it is, and move it away: ${path}`,
    })
  }
  if (entry) {
    if (await isAnswered(path))
      throw new BhorError('port_in_use', 'Another bhor answers on the socket of this data folder.', {
        hint: 'Stop it first, or give this one another BHOR_HOME.',
      })
    rmSync(path, { force: true })
  }
  const mask = process.umask(0o177)
  try {
    const opening = listening(server, { path })
    process.umask(mask)
    await opening
  } finally {
    process.umask(mask)
  }
  chmodSync(path, 0o600)
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ path })
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function listening(
  server: NetServer,
  where: { port: number; host: string } | { path: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

/** No new requests; those under way may finish. */
export async function closeServer(server: Server): Promise<void> {
  using _limit = systemClock.after(finishWithinMs, () => server.closeAllConnections())
  const twin = twins.get(server)
  const closing = [server, ...(twin ? [twin] : [])].map(
    (each) => new Promise<void>((resolve) => each.close(() => resolve())),
  )
  server.closeIdleConnections()
  await Promise.all(closing)
}
