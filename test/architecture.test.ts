import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isSource, readSources, type Source, sourceOf, violationsAmong } from './support/arrows.ts'

const sources = readSources(fileURLToPath(new URL('../src', import.meta.url)))

/** The sources with this file in place of the one of its name, if there is one. */
function withFile(file: Source): readonly Source[] {
  return [...sources.filter(({ path }) => path !== file.path), file]
}

test('the sources keep every rule of ARCHITECTURE.md', () => {
  assert.deepEqual(violationsAmong(sources), [])
})

/** A line that is added to a file (made where there is none), and what must be found. */
const planted: readonly (readonly [file: string, line: string, found: string])[] = [
  ['core/ids.ts', "import type { Store } from '../contracts/store.ts'", 'imports contracts/store.ts'],
  ['contracts/api.ts', "export * from '../session/desk.ts'", 'imports session/desk.ts'],
  ['config/load.ts', "import type { Store } from '../contracts/store.ts'", 'imports contracts/store.ts'],
  ['session/desk.ts', "import { openStore } from '../stores/open.ts'", 'imports stores/open.ts'],
  ['session/login/logins.ts', "const { readFileSync } = await import('node:fs')", 'imports node:fs'],
  ['brokers/kite/index.ts', "import { x } from '../upstox/index.ts'", 'imports brokers/upstox/index.ts'],
  ['brokers/reading.ts', "import { x } from './kite/index.ts'", 'imports brokers/kite/index.ts'],
  ['brokers/upstox/login.ts', "import got from 'got'", 'imports got'],
  ['brokers/kite/snippets.ts', "import { KiteConnect } from 'kiteconnect'", 'imports kiteconnect'],
  ['brokers/manifest.ts', "import { test } from 'node:test'", 'imports node:test'],
  ['brokers/outside.ts', "export * from './suite/suite.ts'", 'imports brokers/suite/suite.ts'],
  ['brokers/suite/calls.ts', "import { homedir } from 'node:os'", 'imports node:os'],
  ['app/adapters.ts', "import { x } from '../brokers/suite/suite.ts'", 'imports brokers/suite/suite.ts'],
  ['stores/schema.ts', "import type { Vault } from '../vault/open.ts'", 'imports vault/open.ts'],
  ['vault/open.ts', "import { chain } from '../audit/chain.ts'", 'imports audit/chain.ts'],
  ['audit/log.ts', "import { systemNet } from '../net/system.ts'", 'imports net/system.ts'],
  ['net/system.ts', "import { x } from '../brokers/registry.ts'", 'imports brokers/registry.ts'],
  ['simulator/world.ts', "import { x } from '../session/state.ts'", 'imports session/state.ts'],
  ['app/open.ts', "await import('../simulator/index.ts')", 'imports simulator/index.ts'],
  ['app/doctor.ts', "import { serveDesk } from '../http/server.ts'", 'imports http/server.ts'],
  ['http/server.ts', "import { terminal } from '../cli/terminal.ts'", 'imports cli/terminal.ts'],
  ['client/program.ts', "import { x } from '../session/desk.ts'", 'imports session/desk.ts'],
  ['client/http-line.ts', "import got from 'got'", 'imports got'],
  ['library/owner.ts', "import { x } from '../cli/connect.ts'", 'imports cli/connect.ts'],
  ['sdk/kite.ts', "import { x } from '../client/program.ts'", 'imports client/program.ts'],
  ['client/memory.ts', "export const isFast = (id: string) => id === 'Kite'", 'names a broker'],
  ['index.ts', "export * from './brokers/registry.ts'", 'imports brokers/registry.ts'],
  ['cli/main.ts', "import { x } from '../../bench/x.ts'", 'imports ../bench/x.ts'],
  ['upstox/config.ts', "import { terminal } from '../cli/terminal.ts'", 'imports cli/terminal.ts'],
  ['upstox/account-source.ts', "import { openApp } from '../app/open.ts'", 'imports app/open.ts'],
  ['simulator/world.ts', "import { Config } from '../upstox/config.ts'", 'imports upstox/config.ts'],
  ['upstox/source.ts', 'const text = secret.reveal()', 'opens a secret'],
  ['relays/env.ts', "import { x } from '../core/ids.ts'", 'is in no layer'],
  ['mirrors/env.ts', "import { systemNet } from '../net/system.ts'", 'imports net/system.ts'],
  ['alerts/http.ts', "import { systemNet } from '../net/system.ts'", 'imports net/system.ts'],
  ['session/alerts/rules.ts', "import { x } from '../../alerts/http.ts'", 'imports alerts/http.ts'],
  ['session/life/state.ts', "export const isFast = (id: string) => id === 'Kite'", 'names a broker'],
  ['session/login/pending.ts', 'await context.store.transaction(write)', 'writes past the unit of work'],
  ['session/life/probe.ts', 'await context.audit.within(tx, [])', 'writes past the unit of work'],
  ['http/server.ts', "if (!principal.rights.has('admin')) refuse()", 'decides a right'],
  ['http/server.ts', "throw new BhorError('scope_missing', 'No.')", 'decides a right'],
  ['cli/main.ts', 'if (!principal.accountIds.has(id)) refuse()', 'decides a right'],
  ['http/server.ts', 'const { env } = process', 'reads the environment'],
  ['app/open.ts', 'const home = process.env.HOME', 'reads the environment'],
  ['stores/open.ts', 'process.exit(1)', 'touches the terminal or ends the process'],
  ['session/life/keeper.ts', "console.log('kept')", 'touches the terminal or ends the process'],
  ['session/life/expiry.ts', 'const now = Date.now()', 'has a clock, a timer or chance of its own'],
  ['stores/mutex.ts', 'setTimeout(() => {}, 5)', 'has a clock, a timer or chance of its own'],
  ['vault/sealing.ts', 'const nonce = Math.random()', 'has a clock, a timer or chance of its own'],
  ['app/hosts.ts', "await fetch('https://example.com')", 'opens a socket'],
  ['http/server.ts', "import { connect } from 'node:net'", 'opens a socket'],
  ['cli/here.ts', 'const text = secret.reveal()', 'opens a secret'],
  ['cli/launcher.cts', "const { x } = require('../../bench/x.ts')", 'imports ../bench/x.ts'],
  ['cli/service/systemd.ts', "import { spawn } from 'node:child_process'", 'starts a program'],
  ['vault/open.ts', "import { spawn } from 'node:child_process'", 'starts a program'],
  ['cli/learn.ts', 'mkdirSync(folder, { recursive: true })', 'makes folders recursively'],
  ['cli/open-browser.ts', "spawn('open', [], { shell: true })", 'uses a shell'],
  ['core/json.ts', 'const parse = (text: string) => eval(text)', 'evaluates text'],
  ['net/system.ts', 'const tls = { rejectUnauthorized: false }', 'turns certificate checks off'],
]

test('every rule finds what breaks it, and nothing else', () => {
  for (const [file, line, found] of planted) {
    const code = sources.find(({ path }) => path === file)?.code ?? ''
    const broken = sourceOf(file, `${code}\n${line}\n`)
    assert.deepEqual(violationsAmong(withFile(broken)), [`${file} ${found}`])
  }
})

test('a listed exception that nobody needs any more is found', () => {
  const harmless = sourceOf('cli/open-browser.ts', 'export const openBrowser = () => undefined\n')
  assert.deepEqual(violationsAmong(withFile(harmless)), [
    'cli/open-browser.ts is listed, but nothing there starts a program',
  ])
})

test('tests and comments are free', () => {
  assert.ok(isSource('core/ids.ts') && !isSource('core/ids.test.ts') && !isSource('session/x.test-d.ts'))
  const commented = sourceOf('core/new.ts', '/** As Kite does: Date.now() */\n// process.exit(1)\n')
  assert.deepEqual(violationsAmong(withFile(commented)), [])
})
