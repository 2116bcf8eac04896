import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openBed, otherUser, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { ownApp } from '../../../test/support/own-app.ts'
import type { Store } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import type { Principal } from '../ground/rights.ts'

const otherApp = { apiKey: 'another0key1', apiSecret: 'another0secret1' }

test('a live session keeps its app and its user: both can be changed once it is over', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  await bed.domain.logIn('demo')
  await refused(desk.accounts.edit(operator, 'demo', otherApp), 'session_live')
  await refused(desk.accounts.edit(operator, 'demo', { userId: 'ZZ9999' }), 'session_live')
  await refused(desk.accounts.edit(operator, 'demo', { userId: '' }), 'session_live')
  assert.equal((await desk.accounts.edit(operator, 'demo', { label: 'Main' })).label, 'Main')
  assert.equal((await bed.handOut()).generation, 1)
  await desk.sessions.logout(operator, 'demo')
  const edited = await desk.accounts.edit(operator, 'demo', { ...otherApp, userId: 'ZZ9999' })
  assert.deepEqual([edited.apiKey, edited.userId], [otherApp.apiKey, 'ZZ9999'])
})

test('an emptied user id is pinned anew by the next login, an emptied redirect URL is the desk’s own', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  await bed.domain.logIn('demo')
  await desk.sessions.logout(operator, 'demo')
  const own = (await desk.accounts.get(operator, 'demo')).redirectUrl
  const edited = await desk.accounts.edit(operator, 'demo', {
    userId: '',
    redirectUrl: 'https://example.com/back',
  })
  assert.deepEqual([edited.userId, edited.redirectUrl], [null, 'https://example.com/back'])
  assert.equal((await desk.accounts.edit(operator, 'demo', { redirectUrl: '' })).redirectUrl, own)
  assert.equal((await bed.domain.logIn('demo', { userId: otherUser })).userId, otherUser)
})

test('a caller limited to one account cannot reach for the app of another', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const { apiKey } = await bed.account()
  const other = await desk.accounts.add(operator, {
    account: 'papa',
    broker: 'kite',
    kind: 'sandbox',
    ...otherApp,
  })
  const limited: Principal = {
    actor: { kind: 'key', id: 'key_x' },
    rights: new Set(['admin']),
    accountIds: new Set([other.id]),
  }
  await refused(desk.accounts.edit(limited, 'papa', { apiKey }), 'scope_missing')
  await refused(desk.accounts.edit(limited, 'papa', { apiKey, apiSecret: 'stolen0secret1' }), 'scope_missing')
  assert.equal((await bed.domain.logIn('demo')).status, 'active', 'the secret is untouched')
  await refused(desk.accounts.edit(limited, 'papa', { apiSecret: 'mine0secret11' }), 'confirmation_needed')
  assert.equal((await desk.accounts.edit(limited, 'papa', { label: 'mine' })).account, 'papa')
})

test('who brings another secret for an app that others use hears of whom, and the record says so', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const { apiKey, apiSecret } = ownApp('kite')
  const add = (account: string, secret: string) =>
    desk.accounts.add(operator, {
      account,
      broker: 'kite',
      kind: 'sandbox',
      app: { apiKey, apiSecret: secret },
    })
  assert.deepEqual((await add('papa', apiSecret)).notes, [])
  const { notes } = await add('mama', 'another0secret1')
  assert.equal(notes.length, 1)
  assert.match(notes[0]!, /replaced, also for demo, papa\.$/)
  const edited = await desk.accounts.edit(operator, 'mama', { app: { apiSecret } })
  assert.deepEqual(edited.notes, notes)
  const records = await desk.audit.list(operator, { limit: 100 })
  const added = records.filter(({ action }) => action === 'account.add')
  assert.deepEqual(
    added.map(({ account, detail }) => [account, detail?.replaces]),
    [
      ['mama', 'apiSecret'],
      ['papa', undefined],
      ['demo', undefined],
    ],
  )
})

test('an account that is removed is logged out at the broker first', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  const { headers, baseUrl } = await bed.handOut()
  await bed.domain.desk.accounts.remove(operator, 'demo')
  assert.notEqual((await fetch(`${baseUrl}${profilePath.upstox}`, { headers })).status, 200)
})

test('an account whose logout fails in the store is not removed: afterwards nobody could log it out', async () => {
  let failsNext = false
  const wrap = (store: Store): Store => ({
    ...store,
    async transaction(work) {
      const fails = failsNext
      failsNext = false
      if (fails) throw new BhorError('store_busy', 'On purpose.')
      return store.transaction(work)
    },
  })
  await using bed = await openBed('upstox', { wrap })
  await bed.domain.logIn('demo')
  failsNext = true
  await refused(bed.domain.desk.accounts.remove(operator, 'demo'), 'store_busy')
  assert.equal((await bed.account()).status, 'active')
  await bed.domain.desk.accounts.remove(operator, 'demo')
  assert.equal(bed.simulator.calls({ broker: 'upstox', method: 'DELETE' }).length, 1)
})

test('an account whose row was changed from outside can be removed', async () => {
  await using bed = await openBed('kite')
  const file = new DatabaseSync(join(bed.home, 'bhor.db'))
  file.exec("update accounts set user_id = 'ZZ9999'")
  file.close()
  await refused(bed.domain.desk.accounts.get(operator, 'demo'), 'store_damaged')
  await bed.domain.desk.accounts.remove(operator, 'demo')
  await refused(bed.domain.desk.accounts.get(operator, 'demo'), 'account_not_found')
})

test('the list says of every account what it says of itself, however many there are, with no read for each', async () => {
  const asked: string[] = []
  const counted = <Call extends (id: string) => unknown>(name: string, call: Call) =>
    ((id: string) => {
      asked.push(name)
      return call(id)
    }) as Call
  const wrap = (store: Store): Store => ({
    ...store,
    apps: { ...store.apps, byId: counted('app', store.apps.byId) },
    sessions: { ...store.sessions, latest: counted('session', store.sessions.latest) },
    gates: { ...store.gates, of: counted('gate', store.gates.of) },
  })
  await using bed = await openBed('kite', { wrap })
  const { desk, logIn, addAccount } = bed.domain
  const names = ['demo', 'papa', 'personal', 'gone', 'new']
  for (const account of names.slice(1)) await addAccount({ account })
  for (const account of ['demo', 'papa', 'gone']) await logIn(account)
  await desk.sessions.logout(operator, 'papa')
  await desk.logins.start(operator, 'personal', { via: 'api' })
  await bed.clock.advance(60_000)
  asked.length = 0
  const list = await desk.accounts.list(operator)
  const ofTwo = ['session', 'session', 'session', 'session']
  assert.deepEqual(asked, ofTwo, 'what has no session is looked for, by the view and its gate')
  assert.equal(list.length, names.length)
  for (const view of list) assert.deepEqual(view, await desk.accounts.get(operator, view.account))

  const file = new DatabaseSync(join(bed.home, 'bhor.db'))
  file.exec(
    "update sessions set user_id = 'ZZ9999' where account_id = (select id from accounts where alias = 'demo')",
  )
  file.exec(
    "update sessions set exchanges_json = '7' where account_id = (select id from accounts where alias = 'gone')",
  )
  file.close()
  const later = await desk.accounts.list(operator)
  const faults = later.map(({ account, lastFault }) => [account, lastFault?.code])
  assert.deepEqual(Object.fromEntries(faults), {
    ...{ demo: 'store_damaged', gone: 'store_damaged' },
    ...{ papa: undefined, personal: undefined, new: undefined },
  })
  await bed.clock.advance(60 * 60_000)
  const waiting = (await desk.accounts.list(operator)).find(({ account }) => account === 'personal')
  assert.equal(waiting?.login, null)
})

test('after a login through the app of another account the broker is asked, and that one’s session is over', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const { apiKey } = await bed.account()
  await desk.accounts.add(operator, { account: 'papa', broker: 'kite', kind: 'sandbox', apiKey })
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  assert.equal((await bed.domain.logIn('papa', { userId: otherUser })).status, 'active')
  await refused(bed.handOut(), 'session_revoked')
  const view = await bed.account()
  assert.deepEqual([view.status, view.session?.endReason], ['revoked', 'revoked'])
})
