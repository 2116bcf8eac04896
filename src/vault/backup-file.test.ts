import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom, systemRandom } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { BackupSealer, backupLines } from './backup-file.ts'

const right = new Secret('correct horse battery staple')

async function sealed(lines: readonly string[], random = systemRandom): Promise<Buffer> {
  const sealer = await BackupSealer.begin(right, random)
  const pieces = lines.flatMap((line) => sealer.add(line))
  return Buffer.concat([sealer.header, ...pieces, sealer.end()])
}

async function* inChunks(file: Buffer, size: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size)
}

async function opened(file: Buffer, { passphrase = right, chunk = 10_000 } = {}): Promise<string[]> {
  const lines: string[] = []
  for await (const line of backupLines(inChunks(file, chunk), passphrase)) lines.push(line)
  return lines
}

async function codeOf(file: Buffer, passphrase = right): Promise<string> {
  try {
    await opened(file, { passphrase })
    return 'opened'
  } catch (error) {
    return String((error as { code?: unknown }).code)
  }
}

/** Lines of text that cannot be compressed, umlauts among them. */
function linesOf(bytes: number): string[] {
  const text = Buffer.from(seededRandom(`${bytes}`).bytes(bytes))
    .toString('base64url')
    .slice(0, Math.max(0, bytes - 1))
  return bytes === 0 ? [] : [`${text}\n`, 'ü₹\n']
}

test('whatever was added comes out again, line by line, in chunks of any size', async () => {
  for (const bytes of [0, 1, 100, 65_535, 65_536, 65_537, 400_000]) {
    const lines = linesOf(bytes)
    const file = await sealed(lines)
    const expected = lines.map((line) => line.slice(0, -1))
    for (const chunk of [7_001, 1_000_000]) assert.deepEqual(await opened(file, { chunk }), expected)
  }
  const file = await sealed(linesOf(100))
  assert.deepEqual((await opened(file, { chunk: 1 })).length, 2)
})

test('another passphrase, another file, a later form', async () => {
  const file = await sealed(linesOf(100))
  assert.equal(await codeOf(file, new Secret('correct horse battery stable')), 'backup_passphrase_wrong')
  for (const other of ['', '\n', 'SQLite format 3\0', 'bhor-backup\n', 'x'.repeat(70_000), 'bhor'])
    assert.equal(await codeOf(Buffer.from(other)), 'backup_foreign', other.slice(0, 20))
  const text = file.toString('latin1')
  assert.equal(
    await codeOf(Buffer.from(text.replace('"version":1', '"version":2'), 'latin1')),
    'backup_newer',
  )
  const cheap = text.replace('"memoryKiB":65536', '"memoryKiB":8')
  assert.equal(
    await codeOf(Buffer.from(cheap, 'latin1')),
    'backup_damaged',
    'a cheaper key is no key of ours',
  )
})

test('a file that was cut off anywhere, or that goes on, is known for it', async () => {
  const file = await sealed(linesOf(150_000))
  const start = file.indexOf('\n') + 1
  const piece = 4 + 65_536 + 16
  const cuts = [
    start - 1,
    start,
    start + 1,
    start + 4,
    start + piece - 1,
    start + piece,
    start + 2 * piece,
    file.length - 1,
  ]
  for (const cut of cuts)
    assert.equal(await codeOf(file.subarray(0, cut)), 'backup_truncated', `at ${cut} of ${file.length}`)
  assert.equal(await codeOf(Buffer.concat([file, Buffer.from('x')])), 'backup_damaged')
  const [first, second] = [0, 1].map((at) => file.subarray(start + at * piece, start + (at + 1) * piece))
  const head = file.subarray(0, start)
  const rest = file.subarray(start + 2 * piece)
  assert.equal(
    await codeOf(Buffer.concat([head, second!, first!, rest])),
    'backup_damaged',
    'pieces that changed places',
  )
  assert.equal(
    await codeOf(Buffer.concat([head, first!, rest])),
    'backup_damaged',
    'a piece that was taken out',
  )
  const other = await sealed(linesOf(150_000))
  assert.equal(
    await codeOf(Buffer.concat([head, first!, other.subarray(start + piece)])),
    'backup_damaged',
    'another backup’s end',
  )
})

test('a byte that was changed anywhere opens nothing', async () => {
  const file = await sealed(linesOf(40))
  const start = file.indexOf('\n') + 1
  for (let at = start; at < file.length; at++) {
    const changed = Buffer.from(file)
    changed[at] = changed[at]! ^ 1
    const code = await codeOf(changed)
    assert.ok(['backup_damaged', 'backup_truncated'].includes(code), `byte ${at}: ${code}`)
    if (at > start + 12 && at < file.length - 20) at += 9
  }
})

test('nothing of what is in it can be read, and no two files are alike', async () => {
  const lines = ['{"token":"enctoken-of-the-day"}\n']
  const [one, other] = [await sealed(lines), await sealed(lines)]
  for (const file of [one, other]) assert.equal(file.includes('enctoken'), false)
  assert.notDeepEqual(one.subarray(one.indexOf('\n')), other.subarray(other.indexOf('\n')))
})
