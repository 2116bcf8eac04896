import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AuditView, BrowserView } from '../../src/contracts/api.ts'
import { bhor, commandLine, json, newFolder, startServer } from '../support/at-the-terminal.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

/** In the place of the system's opener: follows the page that it is given to the sign-in, as a browser would. */
const opener = `#!${process.execPath}
const { readFileSync } = require('node:fs')
const { request } = require('node:http')
const page = readFileSync(new URL(process.argv[2]), 'utf8')
const [, host, port, token] = /href="http:\\/\\/([^:]+):(\\d+)\\/#sign-in=([^"]+)"/.exec(page)
const body = JSON.stringify({ token })
const headers = { host: host + ':' + port, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', 'content-length': body.length, 'user-agent': 'X11; Linux Firefox/140.0' }
request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/desk/sign-in', headers }).end(body)
`

test('at a terminal with a screen it opens the browser, waits until somebody is in, and takes its file away', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const tools = join(home, 'tools')
  mkdirSync(tools)
  for (const name of ['xdg-open', 'open']) writeFileSync(join(tools, name), opener, { mode: 0o755 })
  await using _server = await startServer(env)
  const withScreen = { ...env, HOME: home, DISPLAY: ':0', PATH: `${tools}:${process.env.PATH}` }
  const { code, stdout } = await onTerminal(`${commandLine} desk`, withScreen)
  assert.equal(code, 0, stdout)
  assert.match(stdout, /It opens in your browser…[\s\S]*Firefox on Linux is signed in\./)
  assert.deepEqual(
    readdirSync(home).filter((name) => name.endsWith('.html')),
    [],
  )
  const only = await onTerminal(`${commandLine} desk --no-browser`, withScreen)
  assert.doesNotMatch(only.stdout, /opens in your browser/)
  const far = await onTerminal(`${commandLine} desk`, { ...withScreen, DISPLAY: '' })
  assert.doesNotMatch(far.stdout, /opens in your browser/)
  assert.equal(json<BrowserView[]>(await bhor(env, ['desk', 'list', '--json'])).length, 1)
})

test('browsers are listed and signed out one by one and all at once, with and without a server', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const signIn = async () => {
    const link = new URL((await bhor(env, ['desk'])).stdout.trim())
    const headers = {
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      'user-agent': 'Windows NT 10.0 Edg/140.0',
    }
    const { request } = await import('node:http')
    const body = JSON.stringify({ token: link.hash.replace('#sign-in=', '') })
    await new Promise((resolve) => {
      const where = { host: '127.0.0.1', port: link.port, method: 'POST', path: '/v1/desk/sign-in' }
      request(
        { ...where, headers: { ...headers, host: link.host, 'content-length': body.length } },
        (answer) => answer.resume().on('end', resolve),
      ).end(body)
    })
  }
  const list = async () => json<BrowserView[]>(await bhor(env, ['desk', 'list', '--json']))
  {
    await using _server = await startServer(env)
    assert.match((await bhor(env, ['desk', 'list'])).stderr, /No browser is signed in/)
    for (let i = 0; i < 3; i++) await signIn()
    const shown = (await bhor(env, ['desk', 'list'])).stdout
    assert.match(
      shown,
      /^ID +BROWSER +SINCE \(IST\) +LAST USED \(IST\) +UNTIL \(IST\) +STATE\n(desk_\w{16} +Edge on Windows +\w{3} .*ends with its tab\n){3}$/,
    )
    const [first] = await list()
    assert.equal((await bhor(env, ['desk', 'revoke', first!.id])).code, 0)
    assert.equal((await bhor(env, ['desk', 'revoke', first!.id])).code, 3)
    assert.equal((await list()).length, 2)
    for (const wrong of [
      ['desk', 'revoke'],
      ['desk', 'revoke', 'x', '--all'],
    ])
      assert.equal((await bhor(env, wrong)).code, 2)
    assert.match(
      (await bhor(env, ['desk', 'confirm', 'aaaa-aaaa'])).stderr,
      /Nothing waits for this confirmation/,
    )
  }
  assert.equal(json<{ revoked: number }>(await bhor(env, ['desk', 'revoke', '--all', '--json'])).revoked, 2)
  assert.deepEqual(await list(), [])
  const audit = json<AuditView[]>(await bhor(env, ['audit', '--json']))
  assert.deepEqual(
    audit.filter(({ action }) => action === 'desk.revoke').map(({ actor }) => actor),
    ['operator', 'operator', 'operator'],
  )
  assert.ok(existsSync(join(home, 'bhor.db')))
})

test('the passphrase is asked for twice, or read from a file, and never shown', async () => {
  using folder = newFolder()
  const { env } = folder
  const secret = 'five words of mine alone'
  const asked = await onTerminal(`${commandLine} desk passphrase`, env, [
    [/Choose a passphrase/, `${secret}\r`],
    [/The same passphrase again/, `${secret}\r`],
  ])
  assert.equal(asked.code, 0, asked.stdout)
  assert.ok(!asked.stdout.includes(secret))
  assert.match(asked.stdout, /The page asks for this passphrase from now on\./)
  const differs = await onTerminal(`${commandLine} desk passphrase`, env, [
    [/Choose a passphrase/, `${secret}\r`],
    [/The same passphrase again/, 'another\r'],
  ])
  assert.equal(differs.code, 2, differs.stdout)
  assert.equal((await bhor(env, ['desk', 'passphrase', '--file', '-'], secret)).code, 0)
  assert.equal((await bhor(env, ['desk', 'passphrase'])).code, 2)
  assert.equal((await bhor(env, ['desk', 'passphrase', '--remove'])).code, 0)
  const audit = json<AuditView[]>(await bhor(env, ['audit', '--json']))
  const set = audit.filter(({ action }) => action === 'desk.passphrase').map(({ detail }) => detail.set)
  assert.deepEqual(set, [false, true, true])
})
