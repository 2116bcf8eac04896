import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BorrowedClient } from './borrowed.ts'
import type { LastingClient } from './client.ts'
import { SerializationFault } from './faults.ts'
import { Reach } from './reach.ts'

for (const code of ['26000', '42P05'])
  test(`a pooler that lends connections to others (${code}) ends nothing: from then on nothing is prepared`, async () => {
    const names: (string | undefined)[] = []
    const client = {
      together: <T>(send: () => T) => send(),
      async query({ name }: { name?: string }) {
        names.push(name)
        if (name !== undefined) throw Object.assign(new Error('prepared'), { code, severity: 'ERROR' })
        return { rows: [] }
      },
    } as unknown as LastingClient
    const reach = new Reach(async () => {})
    const borrowed = () => new BorrowedClient(client, () => {}, reach)
    const statement = { name: 'look', text: 'select 1', values: [] }
    const [first] = await borrowed().sendTogether([statement])
    assert.ok(first?.status === 'rejected' && first.reason instanceof SerializationFault)
    const [second] = await borrowed().sendTogether([statement])
    assert.equal(second?.status, 'fulfilled')
    assert.deepEqual(names, ['look', undefined])
  })
