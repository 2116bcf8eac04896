import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeSelfSigned, selfSigned } from '../../test/support/self-signed.ts'
import { isBhorError } from '../core/errors.ts'
import { readCertificate } from './certificate.ts'

test('a pair that cannot be used says what is wrong with which file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-certificate-'))
  try {
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    const write = (cert: string, key: string, mode = 0o600) => {
      writeFileSync(files.cert, cert)
      writeFileSync(files.key, key)
      chmodSync(files.key, mode)
    }
    write(selfSigned.cert, selfSigned.key)
    const read = readCertificate(files)
    assert.deepEqual([read.isFor('127.0.0.1'), read.isFor('bhor.example')], [true, false])
    const cases: readonly (readonly [() => void, string, RegExp])[] = [
      [() => write('', selfSigned.key), 'config_invalid', /porch\.cert is not a certificate/],
      [() => write(selfSigned.key, selfSigned.key), 'config_invalid', /porch\.cert is not a certificate/],
      [() => write(selfSigned.cert, 'key'), 'config_invalid', /porch\.key is not a private key/],
      [() => write(selfSigned.cert, makeSelfSigned().key), 'config_invalid', /is not the key of/],
      [() => write(selfSigned.cert, selfSigned.key, 0o604), 'permissions_too_wide', /Everybody .* can read/],
      [() => rmSync(files.key), 'config_invalid', /porch\.key cannot be read \(ENOENT\)/],
    ]
    for (const [make, code, message] of cases) {
      make()
      assert.throws(
        () => readCertificate(files),
        (error) => isBhorError(error) && error.code === code && message.test(error.message),
        String(message),
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
