import assert from 'node:assert/strict'
import { doctor } from '../../src/app/doctor.ts'
import type { HandOut } from '../../src/contracts/api.ts'
import type { Net } from '../../src/contracts/net.ts'
import { type ErrorCode, isBhorError } from '../../src/core/errors.ts'
import { systemNet } from '../../src/net/system.ts'
import { startPostgres } from './postgres.ts'
import { type Intruder, postgresIntruder, sqliteIntruder } from './set-back.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

export const engines = ['sqlite', 'postgres'] as const

/** A world with a live session, on one of the engines, and somebody who can write its database. */
export interface House extends AsyncDisposable {
  readonly world: World
  readonly intruder: Intruder
  readonly databaseUrl: string | undefined
  /** Called before each request to a broker. */
  onSend: (url: string) => Promise<void>
}

export async function openHouse(
  engine: (typeof engines)[number],
  options: WorldOptions = {},
): Promise<House> {
  const net: Net = {
    async send(request) {
      await house.onSend(request.url)
      return systemNet.send(request)
    },
  }
  const server = engine === 'postgres' ? await startPostgres() : undefined
  const databaseUrl = await server?.freshDatabase()
  const world = await openWorld({ ...options, net, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
  const house: House = {
    world,
    intruder: server && databaseUrl ? postgresIntruder(server, databaseUrl) : sqliteIntruder(world.home),
    databaseUrl,
    async onSend() {},
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
  await world.addAccount()
  await world.logIn('demo')
  return house
}

export async function refused(work: Promise<unknown>, code: ErrorCode = 'store_rolled_back'): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isBhorError(error), String(error))
    assert.equal(error.code, code, error.message)
    return true
  })
}

export async function handOut({ app }: World): Promise<HandOut> {
  return JSON.parse((await app.desk.sessions.handOut(app.operator, 'demo')).reveal()) as HandOut
}

async function handedOut({ app }: World): Promise<number> {
  const records = await app.desk.audit.list(app.operator, { limit: 1000 })
  return records.filter(({ action, result }) => action === 'session.handout' && result === 'ok').length
}

/** The store went back: everybody says so, and nothing leaves. */
export async function provenFound(world: World): Promise<void> {
  const { desk, operator, store } = world.app
  const before = await handedOut(world)
  const check = await desk.audit.verify(operator)
  assert.equal(check.intact, false)
  assert.ok(check.text.includes(store.rollback()?.message ?? '?'), check.text)
  await refused(store.check())
  const finding = (await doctor(world.app, operator)).find((one) => one.check === 'store')
  assert.equal(finding?.ok, false)
  assert.match(finding?.hint ?? '', /--accept-rollback/)
  await refused(handOut(world))
  await refused(desk.logins.start(operator, 'demo', { via: 'api' }))
  await refused(desk.sessions.renew(operator, 'demo'))
  await refused(desk.sessions.test(operator, 'demo'))
  await refused(desk.keys.add(operator, { name: 'another', scopes: ['status'] }))
  await refused(desk.accounts.edit(operator, 'demo', { label: 'Other' }))
  assert.equal(await handedOut(world), before)
}

/** What the operator does about it; afterwards all is well. */
export async function accept({ app }: World): Promise<void> {
  assert.ok(await app.acceptRollback(app.operator))
  assert.equal(app.store.rollback(), undefined)
  assert.equal(await app.acceptRollback(app.operator), undefined)
  await app.store.inspect()
  await app.store.check()
}
