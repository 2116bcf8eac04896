import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openRegistry } from './package-registry.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** bhor, packed and installed in the two ways in which people do it. */
export interface InstalledPackage extends AsyncDisposable {
  /** What stands in the tarball, without its first folder. */
  readonly files: readonly string[]
  /** An empty project with bhor in it, and what its optional peers are. */
  readonly project: string
  /** The command of `npm install --global`. */
  readonly command: string
  readonly folder: string
}

export async function installPackage(): Promise<InstalledPackage> {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-package-'))
  await using opening = new AsyncDisposableStack()
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  await using registry = await openRegistry()
  const npm = (cwd: string, args: readonly string[]) =>
    npmRun(cwd, args, {
      HOME: folder,
      npm_config_cache: join(folder, 'cache'),
      npm_config_registry: registry.url,
      npm_config_userconfig: join(folder, 'npmrc'),
      npm_config_update_notifier: 'false',
      npm_config_fund: 'false',
      npm_config_audit: 'false',
      npm_config_noproxy: '127.0.0.1',
    })
  const [pack] = JSON.parse(await npm(root, ['pack', '--json', '--pack-destination', folder])) as {
    filename: string
    files: { path: string }[]
  }[]
  const tarball = join(folder, pack!.filename)
  const [project, prefix] = [join(folder, 'project'), join(folder, 'prefix')]
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"name":"empty","private":true,"type":"module"}')
  // Scripts of packages may run here: there must be none that anything needs or does.
  await npm(project, ['install', '--ignore-scripts=false', tarball, 'fast-check'])
  await npm(folder, ['install', '--global', '--prefix', prefix, tarball])
  const parts = opening.move()
  return {
    files: pack!.files.map(({ path }) => path),
    project,
    command: join(prefix, 'bin', 'bhor'),
    folder,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

function npmRun(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(BHOR_|NODE_|npm_)/i.test(name))
  return new Promise((resolve, reject) =>
    execFile(
      'npm',
      args,
      { cwd, env: { ...Object.fromEntries(inherited), ...env }, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) =>
        error ? reject(new Error(`npm ${args.join(' ')}: ${stderr}`)) : resolve(stdout),
    ),
  )
}
