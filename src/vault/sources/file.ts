import { closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { BhorError } from '../../core/errors.ts'
import type { Random } from '../../core/random.ts'
import { printable } from '../../core/redact.ts'
import { masterKeyBytes, masterKeyOf, masterKeyText, parseMasterKey } from '../master-key.ts'
import { readPrivateFile } from '../read-private-file.ts'
import type { KeySource } from './key-source.ts'

/** A key in a file of its own, 0600 from its first moment: `BHOR_HOME/master.key` unless told otherwise. */
export function fileSource({ path, random }: { path: string; random: Random }): KeySource {
  const name = `master key file ${printable(path, 400)}`
  return {
    name,
    async load() {
      const content = readPrivateFile({ path, what: 'master key file', code: 'key_unusable' })
      if (!content) return undefined
      const key = parseMasterKey(content, name)
      content.fill(0)
      return key
    },
    async create() {
      const bytes = random.bytes(masterKeyBytes)
      const key = masterKeyOf(bytes, name)
      writeKeyFile(path, masterKeyText(bytes))
      return key
    },
  }
}

/** Never replaces a file: losing a key loses the store. A file that could not be written whole is taken away again. */
function writeKeyFile(path: string, text: string): void {
  try {
    // Not recursive: below /proc Node would try for ever. The data folder is there by now.
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { mode: 0o700 })
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW
    const file = openSync(path, flags, 0o600)
    let isWhole = false
    try {
      isWhole = writeSync(file, text) === text.length
      fsyncSync(file)
    } finally {
      closeSync(file)
      if (!isWhole) rmSync(path)
    }
    if (!isWhole) throw new Error('The disk took only a part of the key.')
    syncFolder(dirname(path))
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const why = isThere ? 'is already there' : 'cannot be written'
    throw new BhorError('key_unusable', `The master key file ${printable(path, 400)} ${why}.`, {
      cause: error,
    })
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
