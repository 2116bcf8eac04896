import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BhorError } from '../core/errors.ts'
import { waitFor } from './wait.ts'
import type { ApiClient } from './wire.ts'

/** A desk whose answers a test says, and whose stream brings what the test puts into it. */
function fakeDesk() {
  const asked: string[] = []
  const state = { status: 'active', gate: 'closed' }
  const texts: ((text: string | Error) => void)[] = []
  const streams: (string | undefined)[] = []
  const client: ApiClient = {
    where: 'socket',
    async request(_method, path) {
      asked.push(path)
      const gate = { state: state.gate, text: `The gate is ${state.gate}.` }
      return { account: 'demo', status: state.status, statusText: `It is ${state.status}.`, gate }
    },
    async *stream(_path, { headers, signal }) {
      streams.push(headers?.['last-event-id'])
      yield 'retry: 1000\nid: 7\n\n'
      while (!signal.aborted) {
        const text = await new Promise<string | Error>((resolve) => {
          texts.push(resolve)
          signal.addEventListener('abort', () => resolve(''))
        })
        if (text instanceof Error) throw text
        yield text
      }
    },
    async [Symbol.asyncDispose]() {},
  }
  /** Until everything that came was dealt with. */
  const idle = async () => {
    while (texts.length === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const bring = async (text: string | Error) => {
    await idle()
    texts.shift()!(text)
  }
  return { client, state, asked, streams, idle, bring }
}
const event = (name: string, data: object) => `id: 8\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`

test('--gate: live is not enough, and the gate of the account or of the house is looked at again', async () => {
  for (const account of ['demo', null]) {
    const { client, state, asked, idle, bring } = fakeDesk()
    const waiting = waitFor(client, 'demo', { gate: true })
    await bring(event('gate.changed', { seq: 8, account: 'papa' }))
    await bring(': still here\n\n')
    await idle()
    const before = asked.length
    state.gate = 'open'
    // In two pieces, as it may come.
    const text = event('gate.changed', { seq: 9, account })
    await bring(text.slice(0, 20))
    await bring(text.slice(20))
    assert.equal(await waiting, '')
    assert.equal(asked.length, before + 1)
  }
})

test('--gate: the time that is over says what keeps it closed', async () => {
  const { client } = fakeDesk()
  await assert.rejects(waitFor(client, 'demo', { gate: true, timeout: '0s' }), (error) => {
    assert.ok(error instanceof BhorError)
    assert.deepEqual([error.code, error.exitCode], ['timeout', 124])
    return /not ready after 0s\. The gate is closed\./.test(error.message)
  })
})

test('a stream that breaks off goes on where it was; what does not pass is told', async () => {
  const { client, state, streams, bring } = fakeDesk()
  state.status = 'expired'
  const waiting = waitFor(client, 'demo', {})
  await bring(event('account.changed', { seq: 8, account: 'papa' }))
  await bring(new BhorError('server_unreachable', 'It broke off.'))
  await bring(new BhorError('key_invalid', 'Revoked.'))
  await assert.rejects(waiting, { code: 'key_invalid' })
  assert.deepEqual(streams, [undefined, '8'])
})
