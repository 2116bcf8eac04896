import { createInterface } from 'node:readline'
import { runCommand } from '../../src/cli/main.ts'

/** Many commands in one process, one after the other: a line of JSON arguments each, and a line with its exit code after it. */
for await (const line of createInterface({ input: process.stdin })) {
  process.exitCode = 0
  const code = await runCommand(JSON.parse(line) as string[])
  process.stdout.write(`exit ${code}\n`)
}
process.exitCode = 0
