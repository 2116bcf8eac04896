import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BhorError } from '../core/errors.ts'
import { parseToml } from './toml.ts'

test('an adapter is named by its module', () => {
  const { brokers } = parseToml('[brokers.demo-broker]\nmodule = "~/demo.ts"\n', 'config.toml')
  assert.equal(JSON.stringify(brokers), '{"demo-broker":{"module":"~/demo.ts"}}')
  assert.deepEqual(parseToml('port = 1\n', 'config.toml').brokers, {})
})

test('whatever else stands there is refused, naming the nearest key', () => {
  const wrong: readonly (readonly [text: string, message: RegExp, hint: RegExp])[] = [
    ['brokers = 1', /brokers must be a table/, /Write \[brokers\.ID\]/],
    ['[brokers]\ndemo = "~/demo.ts"', /brokers\.demo must be a table/, /Write \[brokers\.ID\]/],
    ['[brokers.demo]', /brokers\.demo\.module must be/, /module = /],
    ['[brokers.demo]\nmodule = ""', /brokers\.demo\.module must be/, /module = /],
    ['[brokers.demo]\nmodule = 7', /brokers\.demo\.module must be/, /module = /],
    ['[brokers.demo]\nmodul = "x"', /brokers\.demo\.modul is not known/, /Did you mean "module"/],
    ['[brokers.demo]\ncolour = "x"', /brokers\.demo\.colour is not known/, /Write \[brokers\.ID\]/],
    ['[broker.demo]\nmodule = "x"', /unknown key "broker"/, /Did you mean "brokers"/],
  ]
  for (const [text, message, hint] of wrong)
    assert.throws(
      () => parseToml(text, 'config.toml'),
      (error: BhorError) => {
        assert.equal(error.code, 'config_invalid')
        assert.match(error.message, message)
        assert.match(error.hint, hint)
        return true
      },
    )
})
