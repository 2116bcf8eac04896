import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeSuite } from '../../test/suites/stores/suite.ts'
import { ManualClock } from '../core/clock.ts'
import { openStore } from './open.ts'

storeSuite('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-store-'))
  const open = () => openStore({ url: `sqlite:${folder}/bhor.db`, clock: new ManualClock() })
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
      rmSync(folder, { recursive: true })
    },
  }
})
