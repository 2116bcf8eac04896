import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../../test/support/world.ts'
import type { Config } from '../config/load.ts'
import { recordConfig } from './config-record.ts'
import type { App } from './open.ts'

function withConfig(app: App, changes: Partial<Config>): App {
  return { ...app, config: { ...app.config, ...changes } }
}

test('a change of the configuration is recorded once, by the names of the options', async () => {
  await using world = await openWorld()
  const { app } = world
  const changesRecorded = async () =>
    (await app.desk.audit.list(app.operator, { limit: 100 }))
      .filter((record) => record.action === 'config.change')
      .map((record) => record.detail.options)
  await recordConfig(app)
  await recordConfig(app)
  assert.equal((await changesRecorded()).length, 1)

  const other = withConfig(app, {
    explained: app.config.explained.map((option) =>
      option.name === 'log_level' ? { ...option, value: 'debug' } : option,
    ),
    hosts: { kite: { api: 'https://api.example' } },
  })
  await recordConfig(other)
  await recordConfig(other)
  assert.equal((await changesRecorded())[0], 'hosts.kite.api,log_level')
  await recordConfig(app)
  assert.equal((await changesRecorded())[0], 'hosts.kite.api,log_level')
  assert.equal((await changesRecorded()).length, 3)
})
