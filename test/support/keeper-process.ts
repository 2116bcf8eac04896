// A server's keeper, as a process of its own that shares a database with others. Each line on stdin lets it look once; it
// answers with `looked`, or with the code of what went wrong.
import { createInterface } from 'node:readline'
import { openApp } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config/load.ts'
import { toBhorError } from '../../src/core/errors.ts'

const [, , home = '', databaseUrl = '', hosts = '{}'] = process.argv
const origins = JSON.parse(hosts) as Record<string, Record<string, string>>
await using app = await openApp({
  config: loadConfig({ env: { BHOR_HOME: home, BHOR_DATABASE_URL: databaseUrl }, flags: { port: 0 } }),
  sandbox: () => ({
    hosts: async (broker) => origins[broker] ?? {},
    register: async () => ({}),
    notifyAt: async () => {},
    adopt: async () => {},
  }),
})
process.stdout.write('open\n')
for await (const _ of createInterface({ input: process.stdin })) {
  const said = await app.desk.keeper.look().then(
    () => 'looked',
    (error: unknown) => toBhorError(error).code,
  )
  process.stdout.write(`${said}\n`)
}
