import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { Script } from 'node:vm'
import { kite } from '../../../src/brokers/kite/index.ts'
import { upstox } from '../../../src/brokers/upstox/index.ts'
import { brokerView } from '../../../src/session/accounts/broker-view.ts'
import { angel } from '../../../test/contract-families/angel.ts'
import { snippets } from './snippets.ts'

const place = { origin: 'http://127.0.0.1:7878', account: 'papa' }
const brokers = [kite, upstox, angel, undefined].map((broker) => broker && brokerView(broker, ''))
const all = brokers.flatMap((broker) => snippets(place, broker))

test('there is one for each language, and each names the account and the place', () => {
  for (const broker of brokers)
    assert.deepEqual(
      snippets(place, broker).map((snippet) => snippet.name),
      ['curl', 'Python', 'Node', 'Shell'],
    )
  for (const { code } of all) {
    assert.match(code, /papa/)
    assert.match(code, /http:\/\/127\.0\.0\.1:7878/)
  }
})

test('the key comes from the environment and stays out of the process list', () => {
  for (const { name, code } of all) {
    if (name !== 'Shell') assert.match(code, /BHOR_KEY/)
    assert.doesNotMatch(code, /-H ['"]?Authorization/i)
    assert.doesNotMatch(code, /bhor_/)
  }
})

test('the shells can read the shell lines', () => {
  for (const { name, code } of all.filter((each) => each.name === 'curl' || each.name === 'Shell')) {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: code })
    assert.equal(status, 0, `${name}: ${String(stderr)}`)
  }
})

test('Node can read the Node lines', () => {
  for (const { code } of all.filter((each) => each.name === 'Node'))
    assert.ok(new Script(`async () => {${code.replace(/^import .*$/m, '')}}`))
})
