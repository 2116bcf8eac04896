import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { refused } from '../../test/support/bed.ts'
import type { MirrorContent, MirrorPlace } from '../contracts/mirrors.ts'
import { systemRandom } from '../core/random.ts'
import { mirrorFiles } from './files.ts'

const content = {
  ...{ broker: 'kite', apiKey: 'thekey', accessToken: 'NEW', refreshToken: '', baseUrl: 'https://x' },
  rateLimit: { requestsPerSecond: 10, burstSize: 20 },
  variables: { accessToken: ['KITE_ACCESS_TOKEN'], apiKey: [], userId: [] },
} as Partial<MirrorContent> as MirrorContent
const old = '{"type": "kite", "api_secret": "OLD", "mine": 1}'

function bed() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-mirrors-')))
  const home = join(folder, 'home')
  mkdirSync(home)
  const path = join(folder, 'broker-config.json')
  const files = mirrorFiles({ home, random: systemRandom, timeZone: 'UTC' })
  const place: MirrorPlace = { path, format: 'broker-config', template: '', isInPlace: false }
  return {
    ...{ folder, home, path, files, place },
    mode: () => statSync(path).mode & 0o777,
    token: () => (JSON.parse(readFileSync(path, 'utf8')) as { api_secret: string }).api_secret,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
const always = () => true

test('a new file is 0600 from the first byte, one that was open to others is closed, nothing else stays behind', async () => {
  for (const isInPlace of [false, true]) {
    using on = bed()
    const place = { ...on.place, isInPlace }
    await on.files.write(place, content, always)
    assert.deepEqual([on.token(), on.mode()], ['NEW', 0o600])
    writeFileSync(on.path, old)
    chmodSync(on.path, 0o644)
    const { ino } = statSync(on.path)
    await on.files.write(place, content, always)
    assert.equal(
      readFileSync(on.path, 'utf8')
        .replace(/, "api_key": "thekey"/, '')
        .trimEnd(),
      old.replace('OLD', 'NEW'),
    )
    assert.deepEqual([on.mode(), statSync(on.path).ino === ino], [0o600, isInPlace])
    assert.deepEqual(readdirSync(on.folder).sort(), ['broker-config.json', 'home'])
  }
})

test('a token that is not ours stays, whatever stands around it', async () => {
  using on = bed()
  writeFileSync(on.path, old)
  const isOurs = (token: string) => token === 'EARLIER'
  await refused(on.files.write(on.place, content, isOurs), 'mirror_conflict')
  assert.equal(readFileSync(on.path, 'utf8'), old)
  await on.files.write(on.place, content, (token) => token === 'OLD')
  assert.equal(on.token(), 'NEW')
})

test('what cannot be read is left as it is, and told by name', async () => {
  using on = bed()
  for (const bad of [
    '{"api_secret": "OLD"',
    '{"api_secret": "A", "api_secret": "B"}',
    Buffer.from([0x7b, 0xff, 0x7d]),
  ]) {
    writeFileSync(on.path, bad)
    await refused(on.files.write(on.place, content, always), 'mirror_unwritable')
    assert.deepEqual(readFileSync(on.path), Buffer.from(bad))
  }
  writeFileSync(on.path, `{"x": "${'x'.repeat(300_000)}"}`)
  await refused(on.files.write(on.place, content, always), 'mirror_unwritable')
})

test('no link, no folder of others, not the data folder, no half a path', async () => {
  using on = bed()
  const check = (path: string) => on.files.check({ ...on.place, path }, content.variables)
  await check(on.path)
  await refused(check('broker-config.json'), 'mirror_invalid')
  await refused(check(`${on.folder}/home/../x.json`), 'mirror_invalid')
  await refused(check(join(on.folder, 'none', 'x.json')), 'mirror_invalid')
  await refused(check(join(on.home, 'master.key')), 'mirror_invalid')
  await refused(check(on.folder), 'mirror_invalid')
  const link = join(on.folder, 'link.json')
  writeFileSync(on.path, old)
  symlinkSync(on.path, link)
  await refused(check(link), 'mirror_invalid')
  symlinkSync(on.folder, join(on.folder, 'way'))
  await refused(check(join(on.folder, 'way', 'x.json')), 'mirror_invalid')
  linkSync(on.path, join(on.folder, 'twin.json'))
  await refused(check(on.path), 'mirror_invalid')
  const open = join(on.folder, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  await refused(check(join(open, 'x.json')), 'mirror_invalid')
  // Also what became a link later.
  rmSync(on.path)
  symlinkSync(join(on.home, 'secret.json'), on.path)
  writeFileSync(join(on.home, 'secret.json'), old)
  await refused(on.files.write(on.place, content, always), 'mirror_unwritable')
  assert.equal(readFileSync(join(on.home, 'secret.json'), 'utf8'), old)
})

test('a folder that may not be written is told, and what a kill has left goes with a later write', async (t) => {
  using on = bed()
  const left = `${on.path}.0badcafe.part`
  writeFileSync(left, 'a token')
  utimesSync(left, 1, 1)
  writeFileSync(`${on.path}.part`, 'of somebody else')
  await on.files.write(on.place, content, always)
  assert.deepEqual(readdirSync(on.folder).sort(), ['broker-config.json', 'broker-config.json.part', 'home'])
  if (process.getuid?.() === 0) return t.diagnostic('root may write everywhere')
  chmodSync(on.folder, 0o500)
  await refused(on.files.write(on.place, { ...content, accessToken: 'NEXT' }, always), 'mirror_unwritable')
  chmodSync(on.folder, 0o700)
  assert.equal(on.token(), 'NEW')
})

test('two processes write one file: it is whole at every moment, and keeps what is not theirs', {
  timeout: 60_000,
}, async () => {
  const writer = fileURLToPath(new URL('../../test/support/mirror-writer.ts', import.meta.url))
  for (const how of ['replaced', 'in-place'] as const) {
    using on = bed()
    using ends = new DisposableStack()
    writeFileSync(on.path, old)
    const times = how === 'replaced' ? 60 : 200
    const children = ['A', 'B'].map((letter) =>
      spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', writer, on.path, letter, String(times), how],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      ),
    )
    // Writers whose folder is gone would try for ever.
    for (const child of children) ends.defer(() => void child.kill('SIGKILL'))
    let running = children.length
    const codes = children.map(
      (child) =>
        new Promise<number | null>((resolve) =>
          child.once('exit', (code) => {
            running--
            resolve(code)
          }),
        ),
    )
    const seen = new Set<string>()
    // Who reads what is written in place may meet the middle of it, also for as long as the system lets the writer rest there.
    while (running > 0) {
      const read = () => {
        const { api_secret: token, mine } = JSON.parse(readFileSync(on.path, 'utf8')) as Record<
          string,
          unknown
        >
        assert.equal(mine, 1)
        const [, by = '', round = ''] = /^([AB])(\d+)-/.exec(String(token)) ?? []
        assert.equal(token, by ? `${by}${round}-${by.repeat(Number(round) % 40)}` : 'OLD')
        return by
      }
      const letter = how === 'replaced' ? read() : await again(read)
      seen.add(letter)
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepEqual(await Promise.all(codes), [0, 0], how)
    assert.ok(seen.has('A') && seen.has('B'), how)
    assert.deepEqual(readdirSync(on.folder).sort(), ['broker-config.json', 'home'])
  }
})

async function again<T>(read: () => T): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return read()
    } catch (error) {
      if (tries === 1_000) throw error
      await setTimeout(5)
    }
  }
}

test('a file in which the token would not be found again is refused, and stays as it is', async () => {
  using on = bed()
  const nested = '{"accounts": {"personal": {"api_secret": "OLD", "access_token": "OLD"}}}'
  const shapes: [Partial<MirrorPlace>, string][] = [
    [{}, '[{"type": "kite", "api_secret": "OLD"}]'],
    [{}, '"text"'],
    [{}, nested],
    [{ format: 'hft' }, '[]'],
    [{ format: 'hft' }, nested],
    [{ format: 'json', template: '{"auth": {"token": "{{access_token}}"}}' }, '{"auth": "text"}'],
    [{ format: 'json', template: '{"auth": ["{{access_token}}"]}' }, '{}'],
    [{ format: 'json', template: '{"auth": "{{api_key}}{{access_token}}"}' }, ''],
  ]
  for (const [more, text] of shapes) {
    const place = { ...on.place, ...more }
    writeFileSync(on.path, text)
    await refused(on.files.check(place, content.variables), 'mirror_invalid')
    await refused(on.files.write(place, content, always), 'mirror_unwritable')
    assert.equal(readFileSync(on.path, 'utf8'), text)
  }
  writeFileSync(on.path, '{"deeper": {"api_key": "x"}, "type": "kite"}')
  await on.files.check(on.place, content.variables)
  await on.files.write(on.place, content, always)
  assert.equal(on.token(), 'NEW')
})
