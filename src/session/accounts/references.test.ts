import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { ownApp } from '../../../test/support/own-app.ts'
import type { SecretSources } from '../../contracts/secret-sources.ts'
import { BhorError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { Desk } from '../desk.ts'
import { fullRights } from '../ground/rights.ts'

test('an app secret that is kept elsewhere is asked for when somebody logs in, and only then', async () => {
  await using bed = await openBed('kite')
  const asked: string[] = []
  let secret: string | undefined = ownApp('kite').apiSecret
  const secretSources: SecretSources = {
    async read(reference) {
      asked.push(reference)
      if (secret === undefined) throw new BhorError('secret_source_failed')
      return new Secret(secret)
    },
    async check() {
      throw new BhorError('secret_source_refused')
    },
    fits: (found, pattern) => pattern.test(found.reveal()),
  }
  const desk = new Desk({ ...bed.domain.context, secretSources })
  const reference = 'command:op read op://vault/kite/secret'
  const edit = { app: { apiSecret: reference } }
  await refused(desk.accounts.edit(fullRights('key', 'key_1'), 'demo', edit), 'scope_missing')
  await refused(
    desk.accounts.edit({ ...fullRights('desk', 'd'), freshUntilMs: 9e15 }, 'demo', edit),
    'scope_missing',
  )
  const { notes } = await desk.accounts.edit(operator, 'demo', edit)
  assert.match(
    notes.join(),
    /^The API secret cannot be read from there yet: This command may not be run .* secret_commands/,
  )
  const other = {
    account: 'papa',
    broker: 'kite',
    kind: 'sandbox',
    app: { apiKey: 'other0key', apiSecret: reference },
  } as const
  assert.deepEqual((await desk.accounts.add(operator, other)).notes, notes)
  const file = { path: '/somewhere/.env', text: 'KITE_API_KEY=third0key\n' }
  const plan = await desk.imports.run(operator, ['kite'], { files: [file], apiSecret: reference })
  assert.deepEqual(plan.accounts[0]?.notes, notes)
  assert.equal(asked.length, 0)
  const logIn = async () => {
    const { url } = await desk.logins.start(operator, 'demo', { via: 'api' })
    const callback = new URL(bed.simulator.logIn('kite', url!))
    return desk.logins.paste(operator, 'demo', callback.href, 'desk')
  }
  assert.equal((await logIn()).status, 'active')
  assert.deepEqual([...new Set(asked)], [reference])
  asked.length = 0
  await desk.sessions.handOut(operator, 'demo')
  await desk.sessions.test(operator, 'demo')
  assert.equal(asked.length, 0, 'neither a hand-out nor a test needs it')
  secret = 'not the shape of a secret!'
  await refused(logIn(), 'secret_source_failed')
  secret = undefined
  await refused(logIn(), 'secret_source_failed')
  const shown = JSON.stringify([
    await desk.accounts.list(operator),
    await desk.audit.list(operator, { limit: 100 }),
  ])
  assert.doesNotMatch(shown, /op:\/\//)
})
