import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

interface Entry {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly os?: string
  readonly cpu?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const read = <T>(path: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')) as T
const { packages } = read<{ packages: Readonly<Record<string, Entry>> }>('package-lock.json')

test('every package of the lock file has its integrity, and comes from no particular host', () => {
  const foreign = Object.entries(packages).filter(([path]) => path.startsWith('node_modules/'))
  assert.ok(foreign.length > 100)
  for (const [path, { integrity, resolved, link }] of foreign) {
    if (link) assert.doesNotMatch(resolved ?? '', /:/, path)
    else assert.deepEqual([/^sha512-/.test(integrity ?? ''), resolved], [true, undefined], path)
  }
})

test('whatever the system, npm ci finds its packages in the lock file', () => {
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      const isThere = Object.keys(packages).some((each) => each.endsWith(`node_modules/${name}`))
      assert.ok(isThere, `${name} of ${path || 'bhor'} is missing`)
    }
  }
})

test('the pinned Node is one version for every system, and no part of the bhor that others install', () => {
  const { version, optionalDependencies } = read<Required<Entry>>('scripts/pinned-node/package.json')
  const systems = Object.entries(optionalDependencies).map(([name, wanted]) => {
    const entry = packages[`node_modules/${name}`]
    assert.deepEqual([wanted, entry?.version], [version, version], name)
    assert.deepEqual([entry?.dev, entry?.optional], [true, true], name)
    // What bootstrap.mjs finds it by.
    const { os = '', cpu = '' } = entry!
    assert.ok(name.endsWith(`-${os === 'win32' ? 'win' : os}-${cpu}`), name)
    return `${os} ${cpu}`
  })
  assert.deepEqual(systems.sort(), ['darwin arm64', 'darwin x64', 'linux arm64', 'linux x64', 'win32 x64'])
  assert.equal(process.versions.node, version)
})
