// A program that uses bhor in process. Each line on stdin is an account to add; it says what came of it, and what it hears.
import { createInterface } from 'node:readline'
import { openBhor } from '../../src/index.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const bhor = await openBhor()
bhor.on('account.changed', ({ change, account }) => say(`heard ${change} ${account}`))
// What happens once this has answered is heard.
await bhor.accounts()
say('ready')
for await (const account of createInterface({ input: process.stdin })) {
  await bhor
    .addAccount({ account, broker: 'kite', apiKey: `key${account}12345678`, apiSecret: 'secret0123456789' })
    .then(
      async () => say(`added ${account}, ${(await bhor.accounts()).length} in all`),
      (error: Error) => say(`failed: ${error.message}`),
    )
}
await bhor.close()
