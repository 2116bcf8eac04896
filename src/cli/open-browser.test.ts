import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './open-browser.ts'

const state = 'one-time-state-of-a-login'
const url = `https://broker.example.test/login?a=1&state=${state}`

/** A home folder, and in the place of the system's opener a program that writes down how it was called. */
function newHome() {
  const home = mkdtempSync(join(tmpdir(), 'bhor-home-'))
  const tools = join(home, '.tools')
  const calls = join(tools, 'calls')
  mkdirSync(tools)
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(
      join(tools, name),
      `#!/bin/sh\nprintf '%s' "$*" > '${calls}.new' && mv '${calls}.new' '${calls}'\n`,
    )
    chmodSync(join(tools, name), 0o755)
  }
  const before = { HOME: process.env.HOME, PATH: process.env.PATH }
  Object.assign(process.env, { HOME: home, PATH: `${tools}:${process.env.PATH}` })
  return {
    home,
    /** What the opener was given, once it was. */
    called: () =>
      new Promise<string>((resolve) => {
        const watcher = watch(tools, () => look())
        const look = () => {
          if (!existsSync(calls)) return
          watcher.close()
          resolve(readFileSync(calls, 'utf8'))
        }
        look()
      }),
    [Symbol.dispose]() {
      Object.assign(process.env, before)
      chmodSync(home, 0o700)
      rmSync(home, { recursive: true })
    },
  }
}

test('a browser gets a file that it can read wherever it comes from, and no argument that tells others the link', async () => {
  using place = newHome()
  const opened = openBrowser(url, { name: 'login_abc' })
  const argument = await place.called()
  assert.ok(!argument.includes(state) && argument.startsWith('file://'), argument)
  const file = fileURLToPath(argument)
  // A snap reads files of the home folder that are not hidden, and nothing in /tmp but its own.
  assert.deepEqual([dirname(file), /\/\./.test(file.slice(place.home.length))], [place.home, false])
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.ok(readFileSync(file, 'utf8').includes('https://broker.example.test/login?a=1&#38;state='))
  opened[Symbol.dispose]()
  assert.ok(!existsSync(file))
})

test('a home folder that takes no file: the printed link does', () => {
  using place = newHome()
  process.env.HOME = join(place.home, 'not', 'there')
  openBrowser(url, { name: 'login_abc' })[Symbol.dispose]()
  assert.deepEqual(readdirSync(place.home), ['.tools'])
})
