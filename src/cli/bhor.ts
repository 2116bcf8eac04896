#!/usr/bin/env node
import { BhorError } from '../core/errors.ts'
import { serverClient } from './connect.ts'
import { readLean } from './lean.ts'
import { exitCodeOf, tellFaults } from './outcome.ts'
import { terminal } from './terminal.ts'
import { isNobodyThere } from './wire.ts'

/**
 * The lean commands are run so often that they load nothing of the rest. The build makes one file of this entry and
 * all that it imports; `main.ts` and what it imports are other instances, so nothing is shared between the two.
 */
async function run(args: readonly string[]): Promise<number> {
  let isDone = false
  const code = await exitCodeOf(async () => {
    requireRuntime(process.versions)
    const text = await readLean(args)?.(serverClient()).catch(unlessNobodyThere)
    if (text === undefined) return 0
    terminal.data(text)
    isDone = true
    return 0
  })
  if (isDone || code !== 0) return code
  if (args[0] === 'serve') (await import('./young-heap.ts')).holdYoungHeap()
  const { runCommand } = await import('./main.ts')
  return runCommand(args)
}

function unlessNobodyThere(error: unknown): undefined {
  if (!isNobodyThere(error)) throw error
}

const oldestNode = '26.5.1'
/** Node can be built with the system's SQLite. */
const oldestSqlite = '3.51.3'

function requireRuntime({ node, sqlite }: NodeJS.ProcessVersions): void {
  if (isOlder(node, oldestNode))
    throw new BhorError('runtime_too_old', `bhor needs Node ${oldestNode} or newer; this is ${node}.`)
  if (sqlite !== undefined && isOlder(sqlite, oldestSqlite))
    throw new BhorError('runtime_too_old', `bhor needs SQLite ${oldestSqlite} or newer; this is ${sqlite}.`)
}

function isOlder(version: string, oldest: string): boolean {
  const [ours, theirs] = [oldest, version].map((text) => text.split('.').map(Number))
  const at = [0, 1, 2].find((i) => ours?.[i] !== theirs?.[i])
  return at !== undefined && (theirs?.[at] ?? 0) < (ours?.[at] ?? 0)
}

// A pipe that was closed early (| head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

tellFaults()
process.exitCode = await run(process.argv.slice(2))
