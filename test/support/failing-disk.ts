import { mock } from 'node:test'
import type { Store } from '../../src/contracts/store.ts'
import { SqliteConnection } from '../../src/stores/sqlite/connection.ts'
import { sqliteFault } from '../../src/stores/sqlite/faults.ts'

/** What the disk says (https://www.sqlite.org/rescode.html): SQLITE_IOERR_WRITE, SQLITE_FULL. */
const errcodes = { EIO: 778, ENOSPC: 13 } as const
export type DiskFault = keyof typeof errcodes

export interface Strike {
  readonly fault: DiskFault
  /** The write that fails: 1 is the first. */
  readonly at: number
  /** All that follow fail too, until room is given back or the disk is mended. */
  readonly lasts: boolean
  /** A commit that reports the fault was done all the same. */
  readonly isDone: boolean
}

/**
 * A disk under SQLite that fails at one of its writes: every statement that writes, every commit, and the keeping of
 * room. Everything above the handle is real.
 */
export class FailingDisk implements Disposable {
  /** The writes since {@link FailingDisk.arm}, in order. */
  writes: string[] = []
  #strike: Strike | undefined
  #isArmed = false
  readonly #mock: { restore(): void }

  constructor() {
    const { run } = SqliteConnection.prototype
    const write = (name: string, work: () => ReturnType<typeof run>) => this.#write(name, work)
    // A commit that only read needs nothing of the disk.
    const writing = new WeakSet<SqliteConnection>()
    const mocked = mock.method(
      SqliteConnection.prototype,
      'run',
      function (this: SqliteConnection, sql: string, values?: unknown[]) {
        const [, verb, table = ''] =
          /^(commit|begin immediate|insert into|update|delete from)(?: "(\w+)")?/i.exec(sql) ?? []
        const work = () => run.call(this, sql, values)
        if (verb === 'begin immediate') writing.add(this)
        const isWrite = verb !== undefined && (verb !== 'commit' || writing.has(this))
        return isWrite ? write(`${verb} ${table}`.trim(), work) : work()
      },
    )
    this.#mock = mocked.mock
  }
  arm(strike?: Strike): void {
    this.writes = []
    this.#strike = strike
    this.#isArmed = true
  }
  /** The disk takes everything again. */
  mend(): void {
    this.#isArmed = false
  }
  get hasStruck(): boolean {
    return this.#strike !== undefined && this.writes.length >= this.#strike.at
  }
  wrap(store: Store): Store {
    return {
      ...store,
      reserve: async () => {
        this.#write('reserve', () => undefined)
        await store.reserve()
      },
      release: async () => {
        // What was kept is room enough for a commit.
        if (this.#strike?.fault === 'ENOSPC') this.mend()
        await store.release()
      },
    }
  }
  [Symbol.dispose](): void {
    this.#mock.restore()
  }

  #write<T>(name: string, work: () => T): T {
    if (!this.#isArmed) return work()
    this.writes.push(name)
    const { at, lasts, isDone, fault } = this.#strike ?? { at: Number.POSITIVE_INFINITY }
    const isStruck = this.writes.length === at || (lasts === true && this.writes.length > at)
    if (!isStruck || fault === undefined) return work()
    if (name === 'commit' && isDone) work()
    throw sqliteFault(Object.assign(new Error('disk'), { errcode: errcodes[fault] }))
  }
}
