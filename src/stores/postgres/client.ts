import { Socket } from 'node:net'
import pg from 'pg'

/** Whoever asks while the database is away is told within a second. */
const connectTimeoutMs = 900
/** Where not even the end of a statement is heard, although the database answers others. */
const answerTimeoutMs = 30_000
const keepAliveAfterMs = 1_000
/** The type id of `bigint`, whose text is a number for us: counters and milliseconds stay far below 2^53. */
const bigintType = 20

/**
 * A connection may end at any moment: while it is being made, idle, or lent out between two statements. Without a
 * listener each of these would end the process; the next statement on it tells whoever uses it.
 */
class LastingClient extends pg.Client {
  readonly #socket: Socket

  constructor(config?: pg.ClientConfig) {
    const socket = new Socket()
    super({ ...config, stream: () => socket })
    this.#socket = socket
    this.on('error', () => {})
  }
  /** What `send` sends leaves in one piece, where nothing encrypts it on its way. */
  together<T>(send: () => T): T {
    this.#socket.cork()
    try {
      return send()
    } finally {
      this.#socket.uncork()
    }
  }
  /** Ends it at once: `end` would wait for what is under way. */
  cut(): void {
    this.#socket.destroy()
  }
}

export type { LastingClient }

function settings(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    application_name: 'bhor',
    // What is sent together is answered together, after one way there and back.
    pipeline: true,
    types: {
      getTypeParser: ((type: number, format?: 'text' | 'binary') =>
        type === bigintType && format !== 'binary'
          ? Number
          : pg.types.getTypeParser(type, format as 'text')) as typeof pg.types.getTypeParser,
    },
  }
}

export function openPool(url: string, poolSize: number): pg.Pool {
  const pool = new pg.Pool({ ...settings(url), Client: LastingClient, max: poolSize })
  // The pool tells of an idle connection that ended once more; the next use brings another.
  pool.on('error', () => {})
  return pool
}

/** Opens one more connection and closes it. @throws what `pg` throws where that fails */
export async function tryOnce(url: string): Promise<void> {
  const client = new LastingClient(settings(url))
  await client.connect()
  await client.end()
}
