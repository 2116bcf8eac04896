#!/usr/bin/env node
import './require-runtime.ts'
import { version } from '../app/version.ts'
import { refuseUnsafeEnvironment } from '../config/environment.ts'
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
    refuseUnsafeEnvironment()
    const result = isVersion(args) ? version : await readLean(args)?.(serverClient()).catch(unlessNobodyThere)
    if (result === undefined) return 0
    isDone = true
    if (typeof result === 'number') return result
    if (result !== '') terminal.data(result)
    return 0
  })
  if (isDone || code !== 0) return code
  if (args[0] === 'serve') (await import('./young-heap.ts')).holdYoungHeap()
  const { runCommand } = await import('./main.ts')
  return runCommand(args)
}

function isVersion(args: readonly string[]): boolean {
  return args.length === 1 && ['--version', '-V'].includes(args[0] ?? '')
}

function unlessNobodyThere(error: unknown): undefined {
  if (!isNobodyThere(error)) throw error
}

// A pipe that was closed early (| head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

tellFaults()
process.exitCode = await run(process.argv.slice(2))
