import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ensureBuilt } from './support/built.ts'
import { formsOf, scan } from './support/canaries.ts'
import { canaryRun } from './support/canary-run.ts'

before(ensureBuilt)

test('a secret that was planted is found in every form', () => {
  const canary = { name: 'planted', value: `pass"\\'&<>%/+= ü31` }
  for (const [form, bytes] of formsOf(canary.value)) {
    const sink = {
      name: 'log',
      content: Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]),
    }
    assert.ok(
      scan([canary], [sink]).some((hit) => hit.form === form),
      form,
    )
  }
})

test('a secret inside something larger that is encoded as a whole is found', () => {
  for (const before of ['', 'a', 'ab', 'abc']) {
    const content = Buffer.from(Buffer.from(`${before}planted-secret-value${before}`).toString('base64'))
    const hits = scan([{ name: 'planted', value: 'planted-secret-value' }], [{ name: 'log', content }])
    assert.notEqual(hits.length, 0)
  }
})

test('no secret shows up outside of the sinks that are made for it', async () => {
  const { canaries, sinks, hits, seenWhereAllowed } = await canaryRun()
  assert.deepEqual(hits, [])
  // The search is worth something only if there was much to find, and if it was found where it may be.
  assert.ok(canaries.length > 50, `${canaries.length} canaries`)
  assert.ok(sinks.length > 100, `${sinks.length} sinks`)
  assert.ok(seenWhereAllowed >= 6, `${seenWhereAllowed} seen where they may be`)
})
