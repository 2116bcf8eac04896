#!/usr/bin/env node
import { BhorError, toBhorError } from '../core/errors.ts'
import { serverClient } from './connect.ts'
import { terminal } from './terminal.ts'
import { readTokenArguments, tokenText } from './token.ts'
import { isNobodyThere } from './wire.ts'

/** `bhor token` alone is run so often that it loads nothing of the rest. */
async function run(args: readonly string[]): Promise<number> {
  requireRuntime(process.versions.node)
  const wish = args[0] === 'token' ? readTokenArguments(args.slice(1)) : undefined
  const text = wish && (await tokenText(serverClient(), wish).catch(unlessNobodyThere))
  if (text !== undefined) {
    terminal.data(text)
    return 0
  }
  const { main } = await import('./main.ts')
  return main(args)
}

function unlessNobodyThere(error: unknown): undefined {
  if (!isNobodyThere(error)) throw error
}

function requireRuntime(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const isOldEnough = major > 26 || (major === 26 && (minor > 5 || (minor === 5 && patch >= 1)))
  if (!isOldEnough)
    throw new BhorError('runtime_too_old', `bhor needs Node 26.5.1 or newer; this is ${version}.`)
}

// A pipe that was closed early (| head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (cause) {
  const error = toBhorError(cause)
  terminal.error(error)
  process.exitCode = error.exitCode
}
