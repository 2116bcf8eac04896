import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { AddAccount } from '../../contracts/api.ts'

const add = ({ domain }: Bed, input: Partial<AddAccount>) =>
  domain.desk.accounts.add(operator, { account: 'more', broker: 'kite', ...input })
const app = { apiKey: 'appkey0002', apiSecret: 'SecretOfTheApp0002' }

test('only an account whose app is made at the simulator, for a broker that renews, is renewable', async () => {
  await using bed = await openBed('kite')
  for (const input of [
    { kind: 'sandbox', broker: 'upstox' },
    { kind: 'sandbox', app },
    { kind: 'live', app },
    { kind: 'broker-sandbox' },
  ] as const)
    await refused(add(bed, { ...input, renewable: true }), 'bad_field')
  const { settings } = await add(bed, { kind: 'sandbox', renewable: true })
  assert.equal(settings.renewable, true)
  const edited = await bed.domain.desk.accounts.edit(operator, 'more', { settings: { group: 'trial' } })
  assert.deepEqual(edited.settings, { group: 'trial', renewable: true })
  assert.equal((await bed.account()).settings.renewable, undefined)
})

test('a sandbox account becomes renewable later, and stops being it: from the next login on', async () => {
  await using bed = await openBed('kite')
  const { domain, clock } = bed
  const { accounts } = domain.desk
  const isRenewable = async () => (await domain.logIn('demo')).session?.tokenKinds.includes('refresh')
  assert.equal(await isRenewable(), false)
  const edited = await accounts.edit(operator, 'demo', { renewable: true })
  assert.equal(edited.settings.renewable, true)
  await clock.advance(60_000)
  assert.equal(await isRenewable(), true)
  assert.equal((await accounts.edit(operator, 'demo', { renewable: false })).settings.renewable, undefined)
  await clock.advance(60_000)
  assert.equal(await isRenewable(), false)
  await add(bed, { account: 'papa', broker: 'upstox', kind: 'sandbox' })
  await refused(accounts.edit(operator, 'papa', { renewable: true }), 'bad_field')
  await add(bed, { account: 'real', kind: 'live', app })
  await refused(accounts.edit(operator, 'real', { renewable: true }), 'bad_field')
  await accounts.edit(operator, 'real', { renewable: false })
})

test('at the broker’s own sandbox the published app serves, where none is named', async () => {
  await using bed = await openBed('kite')
  const published = await add(bed, { kind: 'broker-sandbox' })
  assert.deepEqual([published.apiKey, published.secrets], ['sandboxdemo', ['app.apiSecret']])
  const own = await add(bed, { account: 'own', kind: 'broker-sandbox', app })
  assert.equal(own.apiKey, app.apiKey)
  await refused(add(bed, { account: 'papa', kind: 'broker-sandbox', broker: 'upstox' }), 'bad_field')
  await refused(add(bed, { account: 'papa', kind: 'live' }), 'bad_field')
})
