import { realpathSync, statSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { homedir } from 'node:os'
import { extname, isAbsolute, join, normalize } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { refuseOtherHandsOn } from '../config/other-hands.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

/**
 * The real file that a `module` of the configuration names: an absolute path, one below the user's own folder (`~/…`),
 * or a package that is installed in the data folder.
 *
 * @throws BhorError `adapter_invalid`
 */
export function adapterFile(module: string, home: string): string {
  const path = module.startsWith('~/') ? join(realpathSync(homedir()), module.slice(2)) : module
  const file = isAbsolute(path) ? normalize(path) : packageFile(module, home)
  const refuse = (why: string, hint: string) =>
    new BhorError('adapter_invalid', `The adapter ${printable(module, 400)} ${why}.`, { hint })
  let real: string
  try {
    real = realpathSync(file)
  } catch {
    throw refuse('is not there', 'Write the path of its file into config.toml.')
  }
  if (real !== file)
    throw refuse('is reached through a symbolic link', `Write its real path: ${printable(real, 400)}`)
  if (!statSync(real).isFile()) throw refuse('is not a file', 'Name the file, not its folder.')
  return real
}

function packageFile(name: string, home: string): string {
  const refuse = (why: string) =>
    new BhorError('adapter_invalid', `The adapter ${printable(name, 400)} ${why}.`, {
      hint: `Write an absolute path, one that begins with ~/, or install the package: npm install --prefix ${home} …`,
    })
  if (!/^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?:\/[\w./-]+)?$/i.test(name))
    throw refuse('is no path and no package')
  try {
    const file = createRequire(join(home, 'config.toml')).resolve(name)
    if (isAbsolute(file)) return file
  } catch {
    // not installed, or nothing in it that may be imported
  }
  throw refuse('is no package in the data folder')
}

/**
 * The file and every folder on its way belong to this user or root, and nobody else can write there.
 *
 * @throws BhorError `permissions_too_wide`
 */
export function refuseOtherHandsOnAdapter(file: string): void {
  refuseOtherHandsOn(file, `The adapter’s file ${printable(file, 400)}`)
}

/** Imports a file that was checked, and all that it imports, each checked alike. */
export async function importAdapter(file: string): Promise<Readonly<Record<string, unknown>>> {
  watchImports()
  const { href } = pathToFileURL(file)
  outside.add(href)
  return (await import(href)) as Record<string, unknown>
}

/** What an adapter gets under these names is this bhor's own: else its errors would be none of ours. */
const own = new Map(
  ['outside', 'suite/suite'].map((name, index) => [
    ['bhor/broker', 'bhor/broker/suite'][index]!,
    new URL(`../brokers/${name}${extname(import.meta.url)}`, import.meta.url).href,
  ]),
)

/** The modules of adapters, by address: what they import is checked, what bhor itself imports is not. */
const outside = new Set<string>()
let isWatching = false

function watchImports(): void {
  if (isWatching) return
  isWatching = true
  registerHooks({
    resolve(specifier, context, next) {
      const ours = own.get(specifier)
      if (ours !== undefined) return { url: ours, shortCircuit: true }
      const found = next(specifier, context)
      const isTheirs = context.parentURL !== undefined && outside.has(context.parentURL)
      if (isTheirs && found.url.startsWith('file:') && !outside.has(found.url)) {
        refuseOtherHandsOnAdapter(realpathSync(fileURLToPath(found.url)))
        outside.add(found.url)
      }
      return found
    },
  })
}
