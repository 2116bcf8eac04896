import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
}

/**
 * A registry of npm packages on loopback that has what this checkout has installed, and nothing else: so a package can be
 * installed as its users install it, without any other computer.
 */
export async function openRegistry(): Promise<
  AsyncDisposable & { readonly url: string; readonly asked: ReadonlySet<string> }
> {
  const asked = new Set<string>()
  const staging = mkdtempSync(join(tmpdir(), 'bhor-registry-'))
  const server = createServer((request, response) => {
    const [, name = '', isFile] =
      /^\/((?:@[^/]+\/)?[^/]+)(\/-\/)?/.exec(decodeURIComponent(request.url ?? '')) ?? []
    const folder = join(modules, name)
    if (name.includes('..') || !existsSync(join(folder, 'package.json')))
      return response.writeHead(404).end('{}')
    asked.add(name)
    if (isFile) return void packed(folder, staging, name).stdout.pipe(response)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    const dist = { tarball: `${url()}${name}/-/${manifest.version}.tar` }
    const versions = { [manifest.version]: { ...manifest, dist } }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name, 'dist-tags': { latest: manifest.version }, versions }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url: url(),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(staging, { recursive: true, force: true })
    },
  }
}

/** A tar file in which everything lies in `package/`, as npm wants it: through a link of that name. */
function packed(folder: string, staging: string, name: string) {
  const at = mkdtempSync(join(staging, `${name.replaceAll('/', '-')}-`))
  symlinkSync(folder, join(at, 'package'))
  return spawn('tar', ['-chf', '-', '-C', at, 'package'], { stdio: ['ignore', 'pipe', 'inherit'] })
}
