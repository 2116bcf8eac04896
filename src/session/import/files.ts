import type { Broker } from '../../contracts/broker.ts'
import type { ImportFile } from '../../contracts/imports.ts'
import { BhorError } from '../../core/errors.ts'
import { readCsv } from './csv-file.ts'
import { looksLikeEnv, readEnv } from './env-file.ts'
import type { Found, ReadFile } from './found.ts'
import { readJson } from './json-file.ts'

/** What stands in the files, each read as what it looks like. @throws BhorError `import_invalid`, `bad_json`, `duplicate_field` */
export function readFiles(files: readonly ImportFile[], brokers: readonly Broker[]): ReadFile {
  const read = files.map(({ path, text }) => {
    const start = text.replace(/^\ufeff/, '').trimStart()
    if (start === '') throw new BhorError('import_invalid', 'The file is empty.')
    if (start.startsWith('{') || start.startsWith('[')) return readJson(path, text, brokers)
    return looksLikeEnv(text) ? readEnv(path, text, brokers) : readCsv(path, text, brokers)
  })
  return {
    found: together(read.flatMap(({ found }) => found)),
    ignored: read.flatMap(({ ignored }) => ignored),
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
