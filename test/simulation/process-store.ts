import type { Store, StoreReads } from '../../src/contracts/store.ts'
import { BhorError } from '../../src/core/errors.ts'
import { Mutex } from '../../src/stores/mutex.ts'
import { claim, free, prolong } from '../../src/stores/tables/work.ts'
import { type Life, never } from './life.ts'
import { appendWork, nounsWork, type SharedStore, type Work } from './shared-store.ts'

/** The shared store as one life of one process sees it: late, sometimes out of reach, sometimes without a word. */
export function storeOf(life: Life, shared: SharedStore): Store {
  const mutex = new Mutex()
  // Leases go by the database's own clock, which is right.
  const nowMs = () => life.timeline.nowMs
  const write = async <T>(kind: string, work: Work<T>): Promise<T> => {
    if (life.isOver) return never()
    await mutex.acquire()
    try {
      return await writeOnce(life, shared, kind, work)
    } finally {
      mutex.release()
    }
  }
  const transaction: Store['transaction'] = (work) => write('transaction', nounsWork(work))
  return {
    engine: 'postgres',
    isShared: true,
    ...readsOf(life, shared),
    transaction,
    appendAudit: (watch, append) => write('audit', appendWork(watch, append)),
    claimWork: (wish) => write('claim', (tx) => claim(tx, wish, nowMs())),
    freeWork: () => write('claim', free),
    prolongWork: (owner, leaseMs) => write('prolonging', (tx) => prolong(tx, owner, leaseMs, nowMs())),
    nowMs: () => read(life, 'its clock', async () => nowMs()),
    check: () => transaction((tx) => tx.meta.set('store.checked_at_ms', String(life.clock.nowMs()))),
    copy: () => Promise.reject(new Error('Nobody copies a store of the simulation.')),
    fill: () => Promise.reject(new Error('Nobody fills a store of the simulation.')),
    async takeInventory() {},
    isBoundTo: async () => false,
    rollback: () => undefined,
    setBack: () => [],
    async look() {},
    async inspect() {},
    async reserve() {},
    async release() {},
    async [Symbol.asyncDispose]() {},
  }
}

function writeOnce<T>(life: Life, shared: SharedStore, kind: string, work: Work<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const { faults } = life
    const fate = life.cutFrom.has('store') ? 'unreachable' : faults.ofWrite(life)
    const label = `${life.name} ${kind}${fate === 'done' ? '' : ` (${fate})`}`
    const answer = (work: () => void) => {
      if (faults.crashes(life)) return life.crash()
      life.after(faults.storeMs(), `${label} answered`, work)
      faults.pauses(life)
    }
    life.after(faults.storeMs(), label, () => {
      if (faults.crashes(life)) return life.crash()
      switch (fate) {
        case 'unreachable':
        case 'busy':
        case 'full':
          return answer(() => reject(refusals[fate]()))
        case 'lost':
          return void shared.takeBack(work).then(() => answer(() => reject(unknown())), reject)
        case 'unsaid':
          return void shared.commit(kind, life.name, work).then(() => answer(() => reject(unknown())), reject)
        case 'again':
          return void shared
            .takeBack(work)
            .then(() => shared.commit(kind, life.name, work))
            .then((result) => answer(() => resolve(result)), reject)
        case 'done':
          return void shared
            .commit(kind, life.name, work)
            .then((result) => answer(() => resolve(result)), reject)
      }
    })
  })
}

const refusals = {
  unreachable: () => new BhorError('store_unavailable', 'The simulated store cannot be reached.'),
  busy: () => new BhorError('store_busy', 'Another simulated process holds the store.'),
  full: () => new BhorError('store_full', 'The simulated disk is full.'),
}
const unknown = () =>
  new BhorError('store_unavailable', 'The simulated store has not said what it did.', {
    facts: { outcome: 'unknown' },
  })

/** Most reads are answered at once: the order of writes is what matters, and of a read that it may be old. */
async function read<T>(life: Life, name: string, query: () => Promise<T>): Promise<T> {
  if (life.isOver) return never()
  const { faults } = life
  const fate = life.cutFrom.has('store') ? 'unreachable' : faults.ofRead(life)
  if (fate === 'done') return query()
  if (fate === 'unreachable' || fate === 'busy') {
    await waited(life, faults.storeMs(), `${life.name} reads ${name} (${fate})`)
    throw refusals[fate]()
  }
  if (fate === 'late') await waited(life, faults.storeMs(), `${life.name} reads ${name} late`)
  const result = await query()
  if (fate === 'old') await waited(life, faults.storeMs(), `${life.name} has read ${name}`)
  return result
}

function readsOf(life: Life, shared: SharedStore): StoreReads {
  const nouns = Object.entries(shared.reads).map(([noun, queries]) => [
    noun,
    Object.fromEntries(
      Object.entries(queries as Record<string, (...given: unknown[]) => Promise<unknown>>).map(
        ([method, query]) => [
          method,
          (...given: unknown[]) => read(life, `${noun}.${method}`, () => shared.read(() => query(...given))),
        ],
      ),
    ),
  ])
  return Object.fromEntries(nouns) as StoreReads
}

function waited(life: Life, ms: number, name: string): Promise<void> {
  return new Promise((resolve) => life.after(ms, name, resolve))
}
