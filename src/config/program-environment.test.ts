import assert from 'node:assert/strict'
import { test } from 'node:test'
import { programEnvironment } from './program-environment.ts'
import { refuseUnknownVariables } from './variables.ts'

const session = {
  account: 'papa',
  broker: 'demo',
  kind: 'sandbox',
  generation: 7,
  accessToken: 'token',
  apiKey: 'key',
  baseUrl: 'http://127.0.0.1:1',
  hosts: { api: 'http://127.0.0.1:1', orders: 'http://127.0.0.1:2' },
  userId: 'AB1',
  expiresAt: '2026-11-24T00:30:00Z',
}
const given = { session, names: {}, url: 'http://127.0.0.1:7878', key: 'bhor_x' }

test('a program gets the session by bhor’s names and its broker’s, whatever stood there before', () => {
  const names = {
    accessToken: ['DEMO_TOKEN', 'OLD_TOKEN'],
    userId: ['DEMO_USER'],
    apiSecret: ['DEMO_SECRET'],
  }
  const env = programEnvironment(
    { ...given, names },
    { OLD_TOKEN: 'of yesterday', DEMO_SECRET: 'mine', PATH: '/bin', BHOR_ACCESS_TOKEN: 'of another' },
  )
  assert.partialDeepStrictEqual(env, {
    PATH: '/bin',
    BHOR_ACCOUNT: 'papa',
    BHOR_GENERATION: '7',
    BHOR_KIND: 'sandbox',
    BHOR_ACCESS_TOKEN: 'token',
    BHOR_HOSTS: '{"api":"http://127.0.0.1:1","orders":"http://127.0.0.1:2"}',
    DEMO_TOKEN: 'token',
    OLD_TOKEN: 'token',
    DEMO_USER: 'AB1',
    BHOR_URL: 'http://127.0.0.1:7878',
    BHOR_KEY: 'bhor_x',
  })
  assert.equal(env.DEMO_SECRET, 'mine', 'no hand-out holds one')
})

test('bhor runs in it, and nothing of how the server is set up is in it', () => {
  const server = {
    BHOR_HOME: '/h',
    BHOR_MASTER_KEY: 'secret',
    BHOR_DATABASE_URL: 'postgres://x',
    BHOR_KEY: 'mine',
  }
  const env = programEnvironment(given, server)
  refuseUnknownVariables(env)
  assert.equal(env.BHOR_HOME, '/h')
  for (const name of ['BHOR_MASTER_KEY', 'BHOR_DATABASE_URL']) assert.ok(!(name in env), name)
  assert.equal(env.BHOR_KEY, 'bhor_x')
})

test('loopback goes through no proxy, and what went through none stays so', () => {
  const listOf = (env: Record<string, string>) => {
    const { NO_PROXY, no_proxy } = programEnvironment(given, env)
    assert.equal(NO_PROXY, no_proxy)
    return NO_PROXY
  }
  assert.equal(listOf({}), '127.0.0.1,::1,localhost')
  assert.equal(listOf({ NO_PROXY: 'a.example, localhost' }), 'a.example,localhost,127.0.0.1,::1')
  assert.equal(listOf({ NO_PROXY: 'upper', no_proxy: 'lower' }), 'lower,127.0.0.1,::1,localhost')
  assert.equal(listOf({ no_proxy: '*' }), '*')
})
