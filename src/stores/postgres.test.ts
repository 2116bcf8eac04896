import { after } from 'node:test'
import { startPostgres } from '../../test/support/postgres.ts'
import { ManualClock } from '../core/clock.ts'
import { openStore } from './open.ts'
import { storeSuite } from './store.suite.ts'

after(async () => (await startPostgres())[Symbol.asyncDispose]())

storeSuite('postgres', async () => {
  const url = await (await startPostgres()).freshDatabase()
  const open = () => openStore({ url, clock: new ManualClock(), poolSize: 3 })
  let store = await open()
  return {
    store,
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await open()
      return store
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
    },
  }
})
