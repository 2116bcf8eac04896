import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { seededRandom, systemRandom } from '../../core/random.ts'
import { Secret } from '../../core/secret.ts'
import { openStore } from '../../stores/open.ts'
import { masterKeyText } from '../master-key.ts'
import { chooseKeySource, obtainMasterKey } from './choose.ts'
import { credentialName, credentialSource } from './credential.ts'
import { environmentSource } from './environment.ts'
import { fileSource } from './file.ts'
import type { KeySource } from './key-source.ts'
import { keychainSource } from './keychain.ts'
import { passphraseSource } from './passphrase.ts'

const text = masterKeyText(seededRandom('key').bytes(32))
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bhor-key-'))
  path = join(folder, 'master.key')
})
afterEach(() => rmSync(folder, { recursive: true }))
const file = () => fileSource({ path, random: systemRandom })
const plant = (content: string, mode = 0o600) => {
  writeFileSync(path, content)
  chmodSync(path, mode)
}

test('file: a key that was made is read again', async () => {
  assert.equal(await file().load(), undefined)
  const made = await file().create?.()
  assert.equal((await file().load())?.id, made?.id)
})

test('file: the key is 0600 in a folder 0700 under any umask', async () => {
  const before = process.umask()
  try {
    for (const mask of [0o000, 0o002, 0o022, 0o077]) {
      process.umask(mask)
      const place = join(folder, `home-${mask}`, 'master.key')
      await fileSource({ path: place, random: systemRandom }).create?.()
      assert.equal(statSync(place).mode & 0o777, 0o600)
      assert.equal(statSync(join(place, '..')).mode & 0o777, 0o700)
    }
  } finally {
    process.umask(before)
  }
})

test('file: an existing file is never replaced, whatever it is', async () => {
  const target = join(folder, 'target')
  const plants: readonly (() => void)[] = [
    () => plant('something'),
    () => symlinkSync(target, path),
    () => mkdirSync(path),
    () => execFileSync('mkfifo', [path]),
  ]
  for (const put of plants) {
    put()
    await assert.rejects(async () => file().create?.(), { code: 'key_unusable' })
    assert.deepEqual(readdirSync(folder), ['master.key'])
    rmSync(path, { recursive: true })
  }
})

test('file: links, pipes and folders are refused and named', async () => {
  const other = join(folder, 'other')
  writeFileSync(other, text, { mode: 0o600 })
  const plants: readonly (readonly [() => void, RegExp])[] = [
    [() => symlinkSync(other, path), /symbolic link/],
    [() => symlinkSync('/nowhere', path), /symbolic link/],
    [() => linkSync(other, path), /several names/],
    [() => mkdirSync(path), /is a folder/],
    [() => execFileSync('mkfifo', ['-m', '600', path]), /not a plain file/],
    [() => plant('x'.repeat(70_000)), /larger than 64 KiB/],
  ]
  for (const [put, message] of plants) {
    put()
    await assert.rejects(file().load(), { code: 'key_unusable', message })
    rmSync(path, { recursive: true })
  }
  assert.equal(readFileSync(other, 'utf8'), text)
})

test('file: a key that others can read is refused with the line that closes it', async () => {
  for (const mode of [0o640, 0o604, 0o660, 0o644, 0o610, 0o601]) {
    plant(text, mode)
    await assert.rejects(file().load(), { code: 'permissions_too_wide', hint: `chmod 600 ${path}` })
  }
})

test('file: a key of another user is refused', async () => {
  plant(text)
  const self = process.getuid
  if (self?.() === 0) chownSync(path, 12_345, 12_345)
  else process.getuid = () => 12_345
  try {
    await assert.rejects(file().load(), { code: 'permissions_too_wide', message: /another user/ })
  } finally {
    Object.assign(process, { getuid: self })
  }
})

test('credential: the key that systemd passes, also as root’s with group bits', async () => {
  const source = credentialSource({ directory: folder })
  await assert.rejects(source.load(), { code: 'key_unusable', message: /was not passed/ })
  writeFileSync(join(folder, credentialName), text)
  chmodSync(join(folder, credentialName), 0o440)
  assert.ok(await source.load())
  chmodSync(join(folder, credentialName), 0o444)
  await assert.rejects(source.load(), { code: 'permissions_too_wide' })
})

test('environment: only where the operator allowed it', async () => {
  await assert.rejects(environmentSource({ value: text, allowed: false }).load(), { code: 'key_unusable' })
  assert.ok(await environmentSource({ value: text, allowed: true }).load())
  await assert.rejects(environmentSource({ value: 'x', allowed: true }).load(), { code: 'key_unusable' })
})

test('keychain: keeps a key, says when its package is missing and when it is locked', async () => {
  const kept = new Map<string, string>()
  class Entry {
    readonly #name: string
    constructor(service: string, account: string) {
      this.#name = `${service}/${account}`
    }
    getPassword() {
      return kept.get(this.#name) ?? null
    }
    setPassword(password: string) {
      kept.set(this.#name, password)
    }
  }
  const source = keychainSource({ account: 'demo', random: systemRandom, bring: async () => ({ Entry }) })
  assert.equal(await source.load(), undefined)
  const made = await source.create?.()
  assert.equal((await source.load())?.id, made?.id)
  assert.deepEqual([...kept.keys()], ['bhor/demo'])

  const missing = keychainSource({ account: 'demo', random: systemRandom })
  await assert.rejects(missing.load(), {
    code: 'key_unusable',
    message: /@napi-rs\/keyring, which is not installed/,
  })
  class Locked extends Entry {
    override getPassword(): never {
      throw new Error('locked')
    }
  }
  const locked = keychainSource({
    account: 'demo',
    random: systemRandom,
    bring: async () => ({ Entry: Locked }),
  })
  await assert.rejects(locked.load(), { code: 'key_unusable', message: /refused/ })
})

test('passphrase: the same words give the same key, others another; salt and cost stand in the store', async () => {
  await using store = await openStore({ url: `sqlite:${folder}/bhor.db`, clock: new ManualClock() })
  const asked: boolean[] = []
  const source = (words: string) =>
    passphraseSource({
      store,
      random: systemRandom,
      ask: async (isNew) => {
        asked.push(isNew)
        return new Secret(words)
      },
    })
  assert.equal(await source('never asked').load(), undefined)
  await assert.rejects(async () => source('too short').create?.(), { code: 'key_unusable' })
  const made = await source('caf\u00e9 au lait à six').create?.()
  assert.equal((await source('cafe\u0301 au lait à six').load())?.id, made?.id)
  assert.notEqual((await source('café au lait à sept').load())?.id, made?.id)
  assert.deepEqual(asked, [true, true, false, false])

  const stored = JSON.parse((await store.meta.get('vault.passphrase')) ?? '')
  assert.deepEqual([stored.memoryKiB, stored.passes, stored.parallelism], [65_536, 3, 1])
  for (const change of [
    { memoryKiB: 8 },
    { memoryKiB: 2 ** 31 },
    { passes: 1 },
    { salt: '' },
    { algorithm: 'none' },
  ]) {
    await store.transaction((tx) => tx.meta.set('vault.passphrase', JSON.stringify({ ...stored, ...change })))
    await assert.rejects(source('café au lait à six').load(), { code: 'store_damaged' })
  }
})

test('choosing: one source, and neither none nor two', () => {
  const one: KeySource = { name: 'master key file', load: async () => undefined }
  assert.equal(chooseKeySource([one]), one)
  assert.throws(() => chooseKeySource([]), { code: 'key_unusable' })
  assert.throws(() => chooseKeySource([one, { ...one, name: 'systemd credential' }]), {
    code: 'key_ambiguous',
    message: 'The master key is given twice (master key file and systemd credential). Keep one.',
  })
})

test('obtaining: a key is made only where it may be, and a failure is not remembered', async () => {
  await assert.rejects(obtainMasterKey(file(), false), {
    code: 'key_unusable',
    message: /store was made with one/,
  })
  assert.deepEqual(readdirSync(folder), [])
  plant(text, 0o644)
  const source = file()
  await assert.rejects(obtainMasterKey(source, true), { code: 'permissions_too_wide' })
  chmodSync(path, 0o600)
  assert.equal((await obtainMasterKey(source, true)).created, false)
  rmSync(path)
  assert.equal((await obtainMasterKey(source, true)).created, true)
  const unable: KeySource = { name: 'environment', load: async () => undefined }
  await assert.rejects(obtainMasterKey(unable, true), { code: 'key_unusable' })
})
