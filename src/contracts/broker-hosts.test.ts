import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostsFor, isBaseUrl } from './broker-hosts.ts'

const broker = {
  name: 'Demo',
  hosts: { api: 'https://{server}.example.com/api/{version}', login: 'https://example.com' },
  sandboxHosts: { api: 'https://sandbox.example.com/oms', login: 'https://sandbox.example.com' },
}

test('an account’s public fields are filled into the hosts, the configuration goes before', () => {
  assert.deepEqual(hostsFor(broker, 'live', { server: 'mum-2', version: 'v1' }), {
    api: 'https://mum-2.example.com/api/v1',
    login: 'https://example.com',
  })
  const instead = { api: 'http://127.0.0.1:9/x' }
  assert.deepEqual(hostsFor(broker, 'live', {}, instead), { login: 'https://example.com', ...instead })
})

test('the broker’s public sandbox has its own hosts, which the configuration of the live ones does not touch', () => {
  const { sandboxHosts, ...without } = broker
  const instead = { api: 'https://elsewhere.example.com' }
  assert.deepEqual(hostsFor(broker, 'broker-sandbox', {}, instead), sandboxHosts)
  assert.throws(() => hostsFor(without, 'broker-sandbox', {}), { code: 'config_invalid' })
})

test('no value leads out of its place', () => {
  const evil = [
    '',
    'a.b',
    'evil.com/',
    'evil.com#',
    'evil.com?',
    'x@evil',
    'a:1',
    '..',
    '.',
    '-a',
    'a-',
    'a b',
    'a%2fb',
    'é',
    'a\\b',
    'a\nb',
    '{server}',
    'a'.repeat(64),
  ]
  for (const value of evil) {
    for (const fields of [
      { server: value, version: 'v1' },
      { server: 'mum', version: value },
    ]) {
      assert.throws(() => hostsFor(broker, 'live', fields), { code: 'bad_field' }, JSON.stringify(fields))
    }
  }
  assert.throws(
    () => hostsFor(broker, 'live', { server: 'constructor' }),
    (error) => {
      assert.ok(error instanceof Error && 'facts' in error)
      assert.deepEqual(error.facts, { field: 'version' })
      return !error.message.includes('constructor')
    },
  )
})

test('a base URL is https, a host and perhaps a path, as a browser writes it', () => {
  for (const good of [
    'https://a.example',
    'https://a.example:8443',
    'https://a.example/b/c',
    'https://A.example',
  ])
    assert.ok(isBaseUrl(good), good)
  for (const bad of [
    '',
    'a.example',
    'http://a.example',
    'https://a.example/',
    'https://u:p@a.example',
    'https://a.example/?x',
    'https://a.example/#x',
    'https://a.example/b/../c',
    'https://a.example/b//',
    'ftp://a.example',
  ])
    assert.ok(!isBaseUrl(bad), bad)
})
