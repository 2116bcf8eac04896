import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'smol-toml'
import type { ConfigOption } from '../../../src/contracts/api.ts'
import { configLine, isFound, shownValue } from './config-line.ts'

const option = (more: Partial<ConfigOption>): ConfigOption => ({
  name: 'roll_call_deadline',
  env: 'BHOR_ROLL_CALL_DEADLINE',
  value: '08:55',
  source: 'default',
  help: 'By then every account is ready.',
  type: 'text',
  place: 'file',
  ...more,
})

test('a line as config.toml takes it, whatever is in the value; a secret goes into the environment', () => {
  for (const [type, value, read] of [
    ['text', '08:55', '08:55'],
    ['path', 'C:\\bhor "x"\\é', 'C:\\bhor "x"\\é'],
    ['number', '14', 14],
    ['flag', 'false', false],
  ] as const)
    assert.equal(parse(configLine(option({ type }), value)).roll_call_deadline, read)
  const { porch } = parse(configLine(option({ name: 'porch.url' }), 'https://x'))
  assert.equal(JSON.stringify(porch), '{"url":"https://x"}')
  const secret = option({ place: 'environment', value: '[secret]' })
  assert.equal(configLine(secret, 'https://x/y'), 'BHOR_ROLL_CALL_DEADLINE=https://x/y')
  assert.equal(shownValue(secret), '')
})

test('an option is found by every word that somebody knows of it', () => {
  for (const text of ['', 'roll call', 'BHOR_ROLL', '08:55', 'ready account', 'deadline'])
    assert.equal(isFound(option({}), text), true, text)
  assert.equal(isFound(option({}), 'deadline backup'), false)
})
