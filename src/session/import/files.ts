import type { Broker } from '../../contracts/broker.ts'
import type { ImportFile } from '../../contracts/imports.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { readCsv } from './csv-file.ts'
import { looksLikeEnv, readEnv } from './env-file.ts'
import type { Found, ReadFile } from './found.ts'
import { readJson } from './json-file.ts'

/**
 * What stands in the files, each read as what it looks like.
 *
 * @param broker what a person says of files that name none
 * @throws BhorError `import_invalid`, `bad_json`, `duplicate_field`, `too_deep`
 */
export function readFiles(
  files: readonly ImportFile[],
  brokers: readonly Broker[],
  broker: string | undefined,
): ReadFile {
  const read = files.map(({ path, text }) => {
    const start = text.replace(/^\ufeff/, '').trimStart()
    if (start === '') throw new BhorError('import_invalid', 'The file is empty.')
    if (start.startsWith('{') || start.startsWith('['))
      return atItsPlace(path, () => readJson(path, text, brokers, broker))
    return looksLikeEnv(text) ? readEnv(path, text, brokers) : readCsv(path, text, brokers, broker)
  })
  return {
    found: together(read.flatMap(({ found }) => found)),
    ignored: read.flatMap(({ ignored }) => ignored),
  }
}

/** What is wrong with JSON is told with the name of the file that has it. */
function atItsPlace<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const isOfJson = ['bad_json', 'duplicate_field', 'too_deep'] as const
    if (!isBhorError(error) || !isOfJson.some((code) => code === error.code)) throw error
    const { code, message, facts } = error
    const hint = 'Correct it there, then import it again.'
    throw new BhorError(code, `${printable(path, 400)}: ${message}`, { hint, facts, cause: error })
  }
}

/** Some programs keep the key in one file and the token in another. */
function together(all: readonly Found[]): readonly Found[] {
  const tokens = all.filter(({ fields }) => !fields.apiKey)
  const keys = all.filter(({ fields }) => fields.apiKey)
  const merged = keys.map((one): Found => {
    const isItsOwn = ({ broker }: Found) =>
      broker === undefined || one.broker === undefined || broker === one.broker
    const fits = tokens.filter(isItsOwn)
    const isOnly = keys.filter((key) =>
      fits.some(({ broker }) => !broker || !key.broker || broker === key.broker),
    )
    const [token] = fits
    if (one.fields.accessToken || !token || fits.length > 1 || isOnly.length > 1) return one
    tokens.splice(tokens.indexOf(token), 1)
    const source = `${one.source} and ${token.source}`
    const { path, isWholeFile } = token
    return { ...token, ...one, path, isWholeFile, source, fields: { ...token.fields, ...one.fields } }
  })
  return [...merged, ...tokens]
}
