import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { families } from '../../../test/contract-families/family.ts'
import { simulator as kotakSimulator } from '../../../test/contract-families/kotak-simulator.ts'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { HandOut } from '../../contracts/api.ts'
import { thePassphrase } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { totpCode } from '../../simulator/index.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { places, proven, stamped } from '../ground/records.ts'
import { fullRights } from '../ground/rights.ts'

const proxyLogin = 'user:long-proxy-password'

/** Accounts with everything that can be sealed: secrets of an app and of a person, tokens, a code, a proxy's login. */
async function livedIn(bed: Bed): Promise<void> {
  const { desk } = bed.domain
  await bed.domain.addAccount({ account: 'papa', broker: 'upstox' })
  await desk.accounts.edit(operator, 'papa', {
    settings: { egress: { proxy: 'http://127.0.0.1:9', proxyLogin } },
  })
  await addOthers(bed.domain.context)
  for (let login = 0; login < 3; login++) await bed.domain.logIn('demo')
  await bed.domain.logIn('demo')
}

/** A channel of alerts, what waits for it, and the passphrase of the page. */
async function addOthers(context: SessionContext): Promise<void> {
  const { vault, clock } = context
  const nowMs = clock.nowMs()
  const channel = stamped(vault, 'alert_channels', {
    ...{ id: 'chan_1', name: 'home', kind: 'ntfy', settings: {}, leastSeverity: 'warning' },
    ...{ accountIds: null, quiet: null, createdAtMs: nowMs, updatedAtMs: nowMs },
    sealedSecrets: vault.seal('{"topic":"home"}', places.channelSecrets('chan_1')),
  })
  const waiting = { id: 'alert_1', channelId: 'chan_1', atMs: nowMs, severity: 'critical' } as const
  const sealedAlert = vault.seal('{}', places.waitingAlert('alert_1'))
  const sealedHash = vault.seal('{}', places.deskPassphrase())
  const passphrase = stamped(vault, 'passphrases', { id: thePassphrase, sealedHash, changedAtMs: nowMs })
  await change(context, async (c) => {
    const tx = c.tell({ actor: operator.actor, action: 'alert.add', result: 'ok', detail: { id: 'chan_1' } })
    await tx.channels.insert(channel)
    await tx.outbox.insert({ ...waiting, sealedAlert })
    await tx.passphrases.set(passphrase)
  })
}

/** What stands there, opened; it throws where it is sealed by a key that is gone. */
async function othersOf({ store, vault }: SessionContext): Promise<readonly string[]> {
  const channel = await store.channels.byId('chan_1')
  const waiting = await store.outbox.byId('alert_1')
  const passphrase = await store.passphrases.get()
  return [
    vault.open(proven(vault, 'alert_channels', channel!).sealedSecrets, places.channelSecrets('chan_1')),
    vault.open(waiting!.sealedAlert, places.waitingAlert('alert_1')),
    vault.open(proven(vault, 'passphrases', passphrase!).sealedHash, places.deskPassphrase()),
  ].map((secret) => secret.reveal())
}

/** The ids of all keys that anything in the file is sealed by, apart from the ring itself. */
function sealingKeys({ home }: Bed): string[] {
  using raw = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const columns = [
    'sealed_secrets from apps',
    'sealed_secrets from accounts',
    'settings_json from accounts',
    'sealed_tokens from sessions',
    'sealed_grant from sessions',
    'sealed_carry from logins',
    'sealed_secrets from alert_channels',
    'sealed_alert from alert_outbox',
    'sealed_hash from passphrases',
  ]
  const texts = columns.flatMap((column) =>
    raw
      .prepare(`select ${column}`)
      .all()
      .flatMap((row) => Object.values(row)),
  )
  return [
    ...new Set(texts.flatMap((text) => [...String(text).matchAll(/v1\.(dk_[^.]+)\./g)].map(([, id]) => id!))),
  ]
}

const token = async (bed: Bed) =>
  (JSON.parse((await bed.domain.desk.sessions.handOut(operator, 'demo', {})).reveal()) as HandOut).accessToken

test('everything is sealed anew while hand-outs go on, and the key of before is gone', async () => {
  await using bed = await openBed('kite')
  await livedIn(bed)
  const { desk, context } = bed.domain
  const given = await token(bed)
  const before = context.vault.keyId
  assert.deepEqual(sealingKeys(bed), [before])
  const started = await desk.vault.rotate(operator)
  assert.notEqual(started.key, before)
  assert.deepEqual(started.rotation?.keys, [before])
  assert.ok(started.rotation!.left >= 7, `${started.rotation?.left} rows`)
  assert.equal(await token(bed), given, 'before anything is sealed anew')
  assert.equal((await desk.vault.rotate(operator)).key, started.key, 'asked again, it is the same rotation')
  await bed.clock.advance(25 * 60_000)
  await desk.vault.goOn()
  assert.deepEqual(await desk.vault.state(operator), {
    key: started.key,
    since: started.since,
    rotation: null,
    master: 'test',
  })
  assert.deepEqual(sealingKeys(bed), [started.key])
  assert.deepEqual(await othersOf(context), ['{"topic":"home"}', '{}', '{}'])
  const ring = await bed.domain.store.keyring.list()
  assert.deepEqual(
    ring.filter(({ purpose }) => purpose === 'data').map(({ id }) => id),
    [started.key],
  )
  for (const restarts of [false, true]) {
    if (restarts) await bed.reopen()
    assert.equal(await token(bed), given)
    const { accounts, audit } = bed.domain.desk
    assert.equal((await accounts.get(operator, 'papa')).egress.way, 'http://127.0.0.1:9')
    assert.equal((await audit.verify(operator)).intact, true)
    assert.equal(bed.domain.store.rollback(), undefined)
  }
  await bed.domain.logIn('demo')
  assert.deepEqual(sealingKeys(bed), [started.key])
  assert.deepEqual([await bed.recorded('vault.rotate'), await bed.recorded('vault.retire')], [1, 1])
})

test('a login that is under way is not disturbed, and the key waits for it', async () => {
  await using bed = await openBed('kotak', { families: [families.kotak] })
  const { desk } = bed.domain
  const { demoUser, accountOf } = kotakSimulator
  const { app } = await bed.account()
  const apiSecret = 'sharedsecret'
  const { userId } = demoUser
  bed.simulator.registerApp({ broker: 'kotak', apiKey: app.apiKey!, apiSecret, redirectUrl: '', userId })
  const known = accountOf!({ ...demoUser, broker: 'kotak' })
  const fields = { ...known, mpin: '', totpSeed: '' }
  await desk.accounts.edit(operator, 'demo', { app: { dashboardToken: apiSecret }, fields })
  const { login } = await desk.logins.start(operator, 'demo', { via: 'api' })
  const totp = totpCode(demoUser.totpSeed, bed.clock.now())
  await desk.logins.answer(operator, 'demo', login, { totp })
  await desk.vault.rotate(operator)
  assert.equal(await desk.vault.goOn(), 60_000)
  const waiting = (await desk.vault.state(operator)).rotation
  assert.deepEqual([waiting?.left, waiting?.waiting], [1, 1])
  const records = await bed.recorded('vault.reseal')
  await desk.vault.goOn()
  assert.equal(await bed.recorded('vault.reseal'), records, 'nobody tells of nothing')
  const { status } = await desk.logins.answer(operator, 'demo', login, { mpin: demoUser.pin! })
  assert.equal(status, 'done')
  await desk.vault.goOn()
  assert.equal((await desk.vault.state(operator)).rotation, null)
  assert.equal((await bed.account()).status, 'active')
})

test('a grant that is at the broker while its account is sealed anew is stored all the same', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const callback = await bed.domain.callbackFor('demo')
  bed.simulator.faults.add({ kind: 'slow', match: { path: '/session/token' }, times: 1, delayMs: 20_000 })
  const arrived = bed.domain.arrive(callback)
  while (bed.exchanges() === 0) await new Promise((resolve) => setImmediate(resolve))
  await desk.vault.rotate(operator)
  await desk.vault.goOn()
  await bed.clock.advance(20_000)
  assert.equal((await arrived).generation, 1)
})

test('nothing is sealed by a key that was retired, whoever tries', async () => {
  await using bed = await openBed('kite')
  await livedIn(bed)
  const { context, desk, store } = bed.domain
  const { vault } = context
  const account = (await store.accounts.byAlias('demo'))!
  const app = (await store.apps.byId(account.appId))!
  const place = places.appSecrets(app.id)
  const late = vault.seal('{"apiSecret":"sealed just before"}', place)
  const writeLate = (sealedSecrets: string) =>
    store.transaction(async (tx) => {
      await tx.apps.update(stamped(vault, 'apps', { ...app, sealedSecrets }))
      await context.audit.within(tx, [
        { atMs: 0, actor: operator.actor, action: 'account.edit', result: 'ok' },
      ])
    })
  await desk.vault.rotate(operator)
  await refused(writeLate(late), 'key_retired')
  await writeLate(app.sealedSecrets)
  await desk.vault.goOn()
  await bed.clock.advance(25 * 60_000)
  await desk.vault.goOn()
  await refused(writeLate(late), 'key_retired')
  await refused(writeLate(app.sealedSecrets), 'key_retired')
  assert.ok(await token(bed))
  await bed.reopen()
  assert.ok(await token(bed))
})

test('a damaged row keeps its key, says so, and holds up nothing else', async () => {
  await using bed = await openBed('kite')
  await livedIn(bed)
  const before = bed.domain.context.vault.keyId
  {
    using raw = new DatabaseSync(join(bed.home, 'bhor.db'))
    raw.exec(`update sessions set user_name = 'forged' where generation = 1`)
  }
  const { desk } = bed.domain
  await desk.vault.rotate(operator)
  await bed.clock.advance(25 * 60_000)
  assert.equal(await desk.vault.goOn(), 60_000)
  const { rotation } = await desk.vault.state(operator)
  assert.deepEqual(rotation, { keys: [before], left: 1, waiting: 0, damaged: 1 })
  assert.ok(await token(bed))
})

test('keys are replaced by the operator, and by somebody at the page who has just confirmed it', async () => {
  await using bed = await openBed('kite')
  const page = fullRights('desk', 'tab')
  const nowMs = bed.clock.nowMs()
  await refused(bed.domain.desk.vault.rotate(fullRights('key', 'key_admin')), 'scope_missing')
  await refused(bed.domain.desk.vault.rotate({ ...page, freshUntilMs: nowMs }), 'confirmation_needed')
  const before = (await bed.domain.desk.vault.state(operator)).key
  const { key } = await bed.domain.desk.vault.rotate({ ...page, freshUntilMs: nowMs + 1 })
  assert.notEqual(key, before)
  await bed.domain.desk.vault.goOn()
  await change(bed.domain.context, async (c) => {
    const tx = c.tell({ actor: operator.actor, action: 'vault.master', result: 'ok' })
    await tx.meta.set('vault.master_key_id', 'of another server')
  })
  await refused(bed.domain.desk.vault.rotate(operator), 'key_wrong')
  assert.ok(new BhorError('key_wrong').hint)
})
