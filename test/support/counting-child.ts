import { writeSync } from 'node:fs'
import { openApp } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config/load.ts'

/**
 * The child of the kill test: opens a data folder, says so, and then records and changes rows for ever, so many that
 * the counter file is being written all the time.
 */
const app = await openApp({
  config: loadConfig({ env: { BHOR_HOME: process.argv[2] ?? '' }, flags: { port: 0 } }),
})
writeSync(1, 'open\n')
const { desk, operator } = app
const noted = () => app.record({ kind: 'library', id: '' }, 'server.start')
for (let round = 0; ; round++) {
  await Promise.all(Array.from({ length: 600 }, noted))
  const { view } = await desk.keys.add(operator, { name: `bot ${process.pid}.${round}`, scopes: ['status'] })
  if (round % 2 === 0) await desk.keys.revoke(operator, view.id)
}
