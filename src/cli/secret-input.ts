import { BhorError } from '../core/errors.ts'
import { readPrivateFile } from '../vault/read-private-file.ts'
import { secretText } from '../vault/secret-text.ts'
import { terminal } from './terminal.ts'

const mostInputBytes = 64 * 1024

/**
 * A secret from a file that is closed to others, from a pipe, or from stdin for `-`.
 *
 * @throws BhorError `bad_secret`, `permissions_too_wide`
 */
export async function secretFrom(file: string, what: string): Promise<string> {
  const { text, wasTrimmed } = secretText(file === '-' ? await stdinBytes(what) : fileBytes(file, what), what)
  if (wasTrimmed) terminal.say(`(The line end or byte-order mark around the ${what} was left off.)`)
  return text
}

function fileBytes(path: string, what: string): Buffer {
  const name = `file with the ${what}`
  const bytes = readPrivateFile({ path, what: name, code: 'bad_secret', mayBeRoots: true, mayBePassed: true })
  if (bytes) return bytes
  throw new BhorError('bad_secret', `The ${name} cannot be read: it is not there.`, {
    hint: 'Check its path.',
  })
}

async function stdinBytes(what: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length
    if (size > mostInputBytes)
      throw new BhorError('bad_secret', `The ${what} on stdin is larger than 64 KiB.`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
