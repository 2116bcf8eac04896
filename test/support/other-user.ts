import { execFileSync } from 'node:child_process'
import type { TestContext } from 'node:test'

/** A user of this computer who is neither root nor whoever runs the tests. No entry in any list is needed for it. */
export const otherUser = 54_321

/**
 * Whether this process may act as another user. Where it may not, the test is skipped and says what is missing; in CI,
 * where it would be skipped for ever, it fails.
 */
export function canBeAnother(t: TestContext): boolean {
  if (process.getuid?.() === 0) return true
  const lacks = 'Only root can act as a second user of this computer: run these tests as root.'
  if (process.env.CI) throw new Error(lacks)
  t.skip(lacks)
  return false
}

/** Such a user with a name and a line in the list of users, without which PostgreSQL does not run; gone afterwards. */
export function makeUser(): Disposable & { readonly uid: number } {
  const name = `bhor-test-${process.pid}`
  execFileSync('useradd', ['--no-create-home', '--user-group', '--shell', '/bin/sh', name])
  const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }))
  return { uid, [Symbol.dispose]: () => void execFileSync('userdel', [name]) }
}
