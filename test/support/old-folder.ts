import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const fixture = fileURLToPath(new URL('../fixtures/data-folder-v1', import.meta.url))

/** A copy of a data folder of version 0.1, with the modes that bhor asks for; a checkout does not keep them. */
export function copyOfFixture(): { readonly home: string; putBack(): void } & Disposable {
  const home = mkdtempSync(join(tmpdir(), 'bhor-old-'))
  const putBack = () => {
    for (const file of ['bhor.db', 'master.key']) {
      copyFileSync(join(fixture, file), join(home, file))
      chmodSync(join(home, file), 0o600)
    }
  }
  putBack()
  return { home, putBack, [Symbol.dispose]: () => rmSync(home, { recursive: true }) }
}
